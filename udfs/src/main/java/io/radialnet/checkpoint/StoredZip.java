package io.radialnet.checkpoint;

import io.radialnet.error.UserException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the entries of a zip file lie, when none is compressed: so that they can be mapped in
 * place, which libraries for zip files do not offer. Any size (zip64).
 *
 * <p>Accepts what torch.save writes. The directory stands at the end of the file and nothing
 * follows it; every entry is stored as it is, agrees with its own header, and overlaps neither
 * another nor the directory. The checksums are not verified, as torch does not: they would cost
 * reading every byte.
 */
final class StoredZip {

  /** Bytes of an entry's content, from the start of the file. */
  record Range(long offset, long bytes) {}

  /** The longest directory, in bytes. One of 100 layers has some 200 kB. */
  private static final int MAX_DIRECTORY_BYTES = 16 << 20;

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int END64_LOCATOR_SIGNATURE = 0x07064b50;
  private static final int END64_LOCATOR_BYTES = 20;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int END64_BYTES = 56;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int ZIP64_EXTRA = 1;
  private static final int ENCRYPTED = 0x2041; // flags: encrypted, strongly, its directory too
  private static final int STORED = 0;
  private static final long IN_ZIP64 = 0xffffffffL;

  private final MappedFile file;
  private long directoryOffset;
  private long directoryBytes;

  private StoredZip(MappedFile file) {
    this.file = file;
  }

  /**
   * Reads the directory and checks all of it.
   *
   * @return the content of each entry, by name, in the order of the directory; folders left out
   * @throws UserException if it is no such zip file
   */
  static Map<String, Range> entries(MappedFile file) {
    StoredZip zip = new StoredZip(file);
    zip.findDirectory();
    return zip.readDirectory();
  }

  /** Fields of 16 and 32 bits that are too small are all ones, the value is in the zip64 record. */
  private void findDirectory() {
    long end = file.bytes() - END_BYTES;
    if (end < 0 || signature(end) != END_SIGNATURE) {
      throw corrupt("it does not end with the directory of a zip file");
    }
    ByteBuffer record = file.read(end, END_BYTES);
    directoryBytes = unsigned(record.getInt(12));
    directoryOffset = unsigned(record.getInt(16));
    long directoryEnd = end;
    long locator = end - END64_LOCATOR_BYTES;
    if (locator >= 0 && signature(locator) == END64_LOCATOR_SIGNATURE) {
      directoryEnd = file.read(locator, END64_LOCATOR_BYTES).getLong(8);
      if (directoryEnd < 0
          || directoryEnd > locator - END64_BYTES
          || signature(directoryEnd) != END64_SIGNATURE) {
        throw corrupt("its zip64 directory is not where it should be");
      }
      ByteBuffer record64 = file.read(directoryEnd, END64_BYTES);
      directoryBytes = record64.getLong(40);
      directoryOffset = record64.getLong(48);
    }
    if (directoryBytes < 0
        || directoryOffset < 0
        || directoryBytes > directoryEnd
        || directoryOffset != directoryEnd - directoryBytes) {
      throw corrupt("its directory of entries is not where it should be");
    }
    if (directoryBytes > MAX_DIRECTORY_BYTES) {
      throw corrupt("its directory of entries has " + directoryBytes + " bytes");
    }
  }

  private int signature(long offset) {
    return file.read(offset, Integer.BYTES).getInt(0);
  }

  private Map<String, Range> readDirectory() {
    ByteBuffer directory = file.read(directoryOffset, (int) directoryBytes);
    List<Entry> entries = new ArrayList<>();
    while (directory.hasRemaining()) {
      entries.add(entry(directory));
    }
    Map<String, Range> ranges = new LinkedHashMap<>();
    for (Entry entry : entries) {
      Range range = content(entry);
      if (ranges.put(entry.name, range) != null) {
        throw corrupt("it has the entry " + Messages.quoted(entry.name) + " twice");
      }
    }
    checkOverlaps(entries, ranges);
    ranges.keySet().removeIf(name -> name.endsWith("/"));
    return Collections.unmodifiableMap(ranges);
  }

  /** One entry of the directory: its name, where its own header begins, and its size. */
  private record Entry(String name, long header, long bytes) {}

  private Entry entry(ByteBuffer directory) {
    if (directory.remaining() < ENTRY_BYTES
        || directory.getInt(directory.position()) != ENTRY_SIGNATURE) {
      throw corrupt("its directory of entries is broken");
    }
    ByteBuffer fixed = next(directory, ENTRY_BYTES);
    int flags = fixed.getShort(8);
    int method = fixed.getShort(10);
    long stored = unsigned(fixed.getInt(20));
    long bytes = unsigned(fixed.getInt(24));
    long header = unsigned(fixed.getInt(42));
    String name = name(next(directory, fixed.getShort(28) & 0xffff));
    ByteBuffer extra = zip64(next(directory, fixed.getShort(30) & 0xffff));
    next(directory, fixed.getShort(32) & 0xffff); // comment
    checkReadable(name, flags, method);
    // The zip64 field holds, in this order, those of the three that do not fit 32 bits.
    bytes = bytes == IN_ZIP64 ? wide(extra) : bytes;
    stored = stored == IN_ZIP64 ? wide(extra) : stored;
    header = header == IN_ZIP64 ? wide(extra) : header;
    if (stored != bytes) {
      throw corrupt("its entry " + Messages.quoted(name) + " has two different sizes");
    }
    return new Entry(name, header, bytes);
  }

  private void checkReadable(String name, int flags, int method) {
    if ((flags & ENCRYPTED) != 0 || method != STORED) {
      throw UserException.of(
          "Cannot read " + file.path(),
          "its entry " + Messages.quoted(name) + " is compressed or encrypted",
          "Use a file that torch.save wrote: one packed again, or a TorchScript program, cannot be"
              + " mapped");
    }
    boolean isPlain =
        !name.isEmpty()
            && name.chars().noneMatch(c -> c < ' ' || c == '\\' || c == ':')
            && !name.startsWith("/")
            && Arrays.stream(name.split("/", -1)).noneMatch(part -> part.matches("\\.\\.?"));
    if (!isPlain) {
      throw corrupt("it has an entry of the name " + Messages.quoted(name));
    }
  }

  private ByteBuffer next(ByteBuffer directory, int bytes) {
    if (bytes > directory.remaining()) {
      throw corrupt("its directory of entries is broken");
    }
    ByteBuffer part = directory.slice(directory.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
    directory.position(directory.position() + bytes);
    return part;
  }

  private String name(ByteBuffer utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw corrupt("it has an entry whose name is not UTF-8");
    }
  }

  /** The zip64 field among an entry's extra fields; empty if there is none. */
  private ByteBuffer zip64(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int kind = extra.getShort() & 0xffff;
      ByteBuffer field = next(extra, extra.getShort() & 0xffff);
      if (kind == ZIP64_EXTRA) {
        return field;
      }
    }
    return ByteBuffer.allocate(0);
  }

  private long wide(ByteBuffer zip64) {
    if (zip64.remaining() < Long.BYTES) {
      throw corrupt("an entry lacks its zip64 sizes");
    }
    return zip64.getLong();
  }

  /** Finds an entry's content behind its own header, which must not say otherwise. */
  private Range content(Entry entry) {
    String name = Messages.quoted(entry.name);
    if (entry.header < 0 || entry.header > directoryOffset - LOCAL_BYTES) {
      throw corrupt("its entry " + name + " lies beyond the entries' end");
    }
    ByteBuffer local = file.read(entry.header, LOCAL_BYTES);
    int nameBytes = local.getShort(26) & 0xffff;
    long offset = entry.header + LOCAL_BYTES + nameBytes + (local.getShort(28) & 0xffff);
    if (local.getInt(0) != LOCAL_SIGNATURE
        || local.getShort(8) != STORED
        || offset > directoryOffset
        || !name(file.read(entry.header + LOCAL_BYTES, nameBytes)).equals(entry.name)) {
      throw corrupt("its entry " + name + " has another header in its place");
    }
    if (entry.bytes < 0 || entry.bytes > directoryOffset - offset) {
      throw corrupt("its entry " + name + " reaches beyond the entries' end");
    }
    return new Range(offset, entry.bytes);
  }

  private void checkOverlaps(List<Entry> entries, Map<String, Range> ranges) {
    List<Entry> inOrder = new ArrayList<>(entries);
    inOrder.sort(Comparator.comparingLong(Entry::header));
    long free = 0;
    for (Entry entry : inOrder) {
      if (entry.header < free) {
        throw corrupt("its entry " + Messages.quoted(entry.name) + " overlaps another");
      }
      Range range = ranges.get(entry.name);
      free = range.offset + range.bytes;
    }
  }

  private static long unsigned(int value) {
    return value & 0xffffffffL;
  }

  private UserException corrupt(String cause) {
    return Messages.corrupt(file.path(), cause);
  }
}
