package io.radialnet.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Puts a TorchScript program's text into the archive that libtorch loads: an uncompressed zip of
 * the code, two pickles (the module object, whose state is what it knows of the processor; no
 * constants), and the format's version.
 */
final class KernelArchive {

  private static final String ROOT = "kernels/";

  /** Pickle, protocol 2: an empty tuple. */
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private KernelArchive() {}

  /** The archive of one class, whose text is that of resources beside this class in a row. */
  static byte[] ofResources(Processor processor, List<String> resources) {
    StringBuilder program = new StringBuilder();
    try {
      for (String resource : resources) {
        program.append(text(resource));
      }
      return of(module(processor), program.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String resource) throws IOException {
    try (InputStream program = KernelArchive.class.getResourceAsStream(resource)) {
      if (program == null) {
        throw new IllegalStateException("resource " + resource + " is missing from the jar");
      }
      return new String(program.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Pickle, protocol 2: an object of class __torch__.Kernels with its state, a dictionary. */
  private static byte[] module(Processor processor) {
    return concat(
        new byte[] {(byte) 0x80, 2},
        ascii("c__torch__\nKernels\n"),
        new byte[] {')', (byte) 0x81, '}'},
        entry("training", false),
        entry("multiplies_tiles", processor.multipliesTiles()),
        entry("multiplies_bfloat16", processor.multiplied().contains(ElementType.BFLOAT16)),
        new byte[] {'b', '.'});
  }

  /** Of a dictionary that is being pickled; the key's length has to fit a byte. */
  private static byte[] entry(String key, boolean value) {
    return concat(
        new byte[] {'X', (byte) key.length(), 0, 0, 0},
        ascii(key),
        new byte[] {(byte) (value ? 0x88 : 0x89), 's'});
  }

  private static byte[] of(byte[] module, String program) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "data.pkl", module);
      put(zip, "code/__torch__.py", program.getBytes(StandardCharsets.UTF_8));
      put(zip, "constants.pkl", NO_CONSTANTS);
      put(zip, "version", ascii("10\n"));
      put(zip, "byteorder", ascii("little"));
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(ROOT + name);
    entry.setTime(0);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
