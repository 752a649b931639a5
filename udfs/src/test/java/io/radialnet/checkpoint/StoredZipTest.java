package io.radialnet.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.radialnet.error.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredZipTest {

  @TempDir Path directory;

  @Test
  void findsTheContentOfEntries() throws IOException {
    Map<String, byte[]> content = new LinkedHashMap<>();
    content.put("a/", new byte[0]);
    content.put("a/one", bytes("first"));
    content.put("a/empty", new byte[0]);
    content.put("a/zwei-ä", bytes("second"));
    Path file = TorchZips.write(directory.resolve("x.zip"), content, ZipEntry.STORED);
    Map<String, StoredZip.Range> entries = entries(file);
    assertThat(entries.keySet()).containsExactly("a/one", "a/empty", "a/zwei-ä");
    byte[] whole = Files.readAllBytes(file);
    entries.forEach(
        (name, range) ->
            assertThat(
                    Arrays.copyOfRange(
                        whole, (int) range.offset(), (int) (range.offset() + range.bytes())))
                .isEqualTo(content.get(name)));
  }

  @Test
  void namesCompressedEntries() {
    Path file =
        TorchZips.write(
            directory.resolve("x.zip"), Map.of("a/one", new byte[100]), ZipEntry.DEFLATED);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> entries(file))
        .withMessage(
            "Cannot read %s: its entry 'a/one' is compressed or encrypted. Use a file that"
                + " torch.save wrote: one packed again, or a TorchScript program, cannot be mapped.",
            file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../one",
        "a/../../one",
        "/etc/passwd",
        "a\\one",
        "a/./one",
        "C:one",
        "a/one\n",
        "..",
        ""
      })
  void refusesNamesThatLeadElsewhere(String name) {
    Path file =
        TorchZips.write(directory.resolve("x.zip"), Map.of(name, new byte[1]), ZipEntry.STORED);
    assertRefused(file, "it has an entry of the name '" + name.replace('\n', '?') + "'");
  }

  /** Two entries, and what a change of their file makes of them. Positions count from the end. */
  static Stream<Arguments> lies() {
    return Stream.of(
        lie("it does not end with the directory", zip -> zip.put(zip.limit() - 22, (byte) 0)),
        lie(
            "its directory of entries is not where it should be",
            zip -> zip.putInt(zip.limit() - 6, Integer.MAX_VALUE)),
        lie(
            "its directory of entries is not where it should be",
            zip -> zip.putInt(zip.limit() - 6, -1)),
        lie(
            "its directory of entries is not where it should be",
            zip -> zip.putInt(zip.limit() - 10, 7)),
        lie("its directory of entries is broken", zip -> zip.putInt(first(zip), 0)),
        lie("its directory of entries is broken", zip -> zip.putShort(first(zip) + 28, (short) -1)),
        lie("its directory of entries is broken", zip -> zip.putShort(first(zip) + 30, (short) -1)),
        lie("its directory of entries is broken", zip -> zip.putShort(first(zip) + 32, (short) -1)),
        lie(
            "its entry 'a/one' is compressed or encrypted",
            zip -> zip.putShort(first(zip) + 8, (short) 1)),
        lie("has two different sizes", zip -> zip.putInt(first(zip) + 24, 99)),
        lie("an entry lacks its zip64 sizes", zip -> zip.putInt(first(zip) + 24, -1)),
        lie("an entry lacks its zip64 sizes", zip -> zip.putInt(first(zip) + 42, -1)),
        lie(
            "its entry 'a/one' lies beyond the entries' end",
            zip -> zip.putInt(first(zip) + 42, Integer.MAX_VALUE)),
        lie(
            "its entry 'a/one' has another header in its place",
            zip -> zip.putInt(first(zip) + 42, 1)),
        lie(
            "its entry 'a/one' has another header in its place",
            zip -> zip.putInt(first(zip) + 42, zip.getInt(second(zip) + 42))),
        lie("its entry 'a/one' has another header in its place", zip -> zip.putShort(8, (short) 8)),
        lie("its entry 'a/one' has another header in its place", zip -> zip.put(32, (byte) 'x')),
        lie(
            "its entry 'a/one' has another header in its place",
            zip -> zip.putShort(28, (short) -1)),
        lie(
            "its entry 'a/one' reaches beyond the entries' end",
            zip -> zip.putInt(first(zip) + 20, 9999).putInt(first(zip) + 24, 9999)),
        lie(
            "its entry 'a/two' overlaps another",
            zip -> zip.putInt(first(zip) + 20, 30).putInt(first(zip) + 24, 30)),
        lie(
            "it has the entry 'a/one' twice",
            zip -> {
              byte[] one = bytes("one");
              zip.put(second(zip) + 48, one).put(zip.getInt(second(zip) + 42) + 32, one);
            }),
        lie("whose name is not UTF-8", zip -> zip.put(first(zip) + 46, (byte) 0xff)));
  }

  private static Arguments lie(String cause, Consumer<ByteBuffer> change) {
    return Arguments.of(cause, change);
  }

  private static int first(ByteBuffer zip) {
    return zip.getInt(zip.limit() - 6);
  }

  private static int second(ByteBuffer zip) {
    return first(zip) + 46 + "a/one".length();
  }

  @ParameterizedTest
  @MethodSource("lies")
  void refusesDirectoriesThatLie(String cause, Consumer<ByteBuffer> change) throws IOException {
    Map<String, byte[]> content = new LinkedHashMap<>();
    content.put("a/one", bytes("first"));
    content.put("a/two", bytes("second"));
    Path file = TorchZips.write(directory.resolve("x.zip"), content, ZipEntry.STORED);
    ByteBuffer zip = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    change.accept(zip);
    assertRefused(Checkpoints.bytes(file, zip.array()), cause);
  }

  @Test
  void refusesAnAbsurdDirectory() throws IOException {
    Path file = directory.resolve("x.zip");
    ByteBuffer zip = ByteBuffer.allocate((17 << 20) + 22).order(ByteOrder.LITTLE_ENDIAN);
    zip.putInt(17 << 20, 0x06054b50).putInt((17 << 20) + 12, 17 << 20);
    Checkpoints.bytes(file, zip.array());
    assertRefused(file, "its directory of entries has 17825792 bytes");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1L << 62, Long.MAX_VALUE, 9})
  void refusesAZip64DirectoryThatIsElsewhere(long place) {
    ByteBuffer zip = ByteBuffer.allocate(100 + 20 + 22).order(ByteOrder.LITTLE_ENDIAN);
    zip.putInt(100, 0x07064b50).putLong(108, place).putInt(120, 0x06054b50);
    assertRefused(
        Checkpoints.bytes(directory.resolve("x.zip"), zip.array()),
        "its zip64 directory is not where it should be");
  }

  private static void assertRefused(Path file, String cause) {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> entries(file))
        .withMessageStartingWith("Cannot read " + file + ": ")
        .withMessageContaining(cause);
  }

  private static Map<String, StoredZip.Range> entries(Path file) {
    try (MappedFile mapped = MappedFile.open(file)) {
      return StoredZip.entries(mapped);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
