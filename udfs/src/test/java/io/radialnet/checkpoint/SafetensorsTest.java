package io.radialnet.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.radialnet.checkpoint.SafetensorsWriter.Tensor;
import io.radialnet.error.UserException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

  private static final long GIB = 1L << 30;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"opt", "opt-350m-style", "llama", "llama-rope-scaled"})
  void readsFilesOfTheReferenceLibrary(String golden) {
    Path file = Checkpoints.GOLDEN.resolve(golden).resolve("model.safetensors");
    try (Safetensors tensors = Safetensors.open(file)) {
      assertThat(tensors.metadata()).containsEntry("format", "pt");
      assertThat(tensors.tensors().values())
          .isNotEmpty()
          .allMatch(tensor -> tensor.type() == StorageType.F32);
    }
  }

  @Test
  void describesTensors() {
    Path file = Checkpoints.GOLDEN.resolve("opt/model.safetensors");
    try (Safetensors tensors = Safetensors.open(file)) {
      TensorInfo fc1 = tensors.tensors().get("model.decoder.layers.3.fc1.weight");
      assertThat(fc1.shape()).containsExactly(96L, 48L);
      assertThat(fc1.dimensions()).containsExactly(96, 48);
      assertThat(fc1.elements()).isEqualTo(96 * 48);
      assertThat(fc1.bytes()).isEqualTo(96 * 48 * 4);
    }
  }

  @ParameterizedTest
  @EnumSource(StorageType.class)
  void readsEveryTypeBackByteForByte(StorageType type) {
    byte[] content = new byte[6 * type.bytes()];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 7 - 3);
    }
    Path file = directory.resolve("t.safetensors");
    SafetensorsWriter.write(
        file, Map.of("x", Tensor.of(type, List.of(2L, 3L), ByteBuffer.wrap(content))), Map.of());
    try (Safetensors tensors = Safetensors.open(file)) {
      assertThat(tensors.tensors().get("x").type()).isEqualTo(type);
      List<ByteBuffer> chunks = tensors.map("x", GIB);
      assertThat(chunks).hasSize(1);
      assertThat(bytes(chunks.get(0))).isEqualTo(content);
    }
  }

  @Test
  void cutsAtWholeRows() {
    Path file = directory.resolve("t.safetensors");
    float[] values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    SafetensorsWriter.write(file, Map.of("x", Tensor.float32(values, 5, 2)), Map.of());
    try (Safetensors tensors = Safetensors.open(file)) {
      // Rows of 8 bytes: 23 bytes hold two, 7 bytes hold none and still give one.
      assertThat(tensors.map("x", 23)).extracting(ByteBuffer::remaining).containsExactly(16, 16, 8);
      assertThat(tensors.map("x", 7)).hasSize(5);
      assertThat(tensors.map("x", 23).get(1).asFloatBuffer().get(0)).isEqualTo(4);
      assertThat(tensors.map("x", 40))
          .singleElement()
          .satisfies(
              buffer -> {
                assertThat(buffer.isDirect()).isTrue();
                assertThat(buffer.isReadOnly()).isTrue();
                assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
              });
    }
  }

  @Test
  void mapsScalarsAndEmptyTensors() {
    Path file = directory.resolve("t.safetensors");
    SafetensorsWriter.write(
        file,
        Map.of(
            "scalar", Tensor.float32(new float[] {7}),
            "empty", Tensor.float32(new float[0], 0, 4)),
        Map.of());
    try (Safetensors tensors = Safetensors.open(file)) {
      assertThat(tensors.tensors().get("scalar").elements()).isEqualTo(1);
      assertThat(tensors.map("scalar", GIB).get(0).asFloatBuffer().get()).isEqualTo(7);
      assertThat(tensors.tensors().get("empty").shape()).containsExactly(0L, 4L);
      assertThat(tensors.map("empty", GIB)).isEmpty();
    }
  }

  @Test
  void mapsFilesAndTensorsOverTwoGibibytes() throws IOException {
    long rows = 3 * 1024; // of 1 MiB
    long bigBytes = rows << 20;
    String header =
        String.format(
            """
            {"big": {"dtype": "F32", "shape": [%d, 262144], "data_offsets": [0, %d]},
             "last": {"dtype": "F32", "shape": [1], "data_offsets": [%d, %d]}}""",
            rows, bigBytes, bigBytes, bigBytes + 4);
    Path file = Checkpoints.safetensors(directory.resolve("sparse.safetensors"), header, 0);
    long dataStart = Files.size(file);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(dataStart + bigBytes + 4);
      sparse.seek(dataStart + bigBytes - 1);
      sparse.write(42);
      sparse.write(new byte[] {0, 0, (byte) 0x80, 0x3f}); // 1.0f
    }
    try (Safetensors tensors = Safetensors.open(file)) {
      List<ByteBuffer> pieces = tensors.map("big", Long.MAX_VALUE);
      assertThat(pieces)
          .extracting(ByteBuffer::remaining)
          .containsExactly(2047 << 20, (int) (bigBytes - (2047L << 20)));
      assertThat(tensors.map("big", GIB)).hasSize(3);
      ByteBuffer end = pieces.get(1);
      assertThat(end.get(end.limit() - 1)).isEqualTo((byte) 42);
      assertThat(tensors.map("last", GIB).get(0).getFloat()).isEqualTo(1);
    }
  }

  @Test
  void buffersOutliveTheFileHandle() {
    Path file = Checkpoints.small(directory).resolve("model.safetensors");
    Safetensors tensors = Safetensors.open(file);
    ByteBuffer a = tensors.map("a", GIB).get(0);
    tensors.close();
    assertThat(a.getFloat()).isEqualTo(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> tensors.map("a", GIB))
        .withMessage(file + " is closed");
  }

  @Test
  void anInterruptedThreadDoesNotCloseTheFileForOthers() {
    Path file = Checkpoints.small(directory).resolve("model.safetensors");
    try (Safetensors tensors = Safetensors.open(file)) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> tensors.map("a", GIB))
          .withCauseInstanceOf(ClosedByInterruptException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(tensors.map("a", GIB)).hasSize(1);
    }
  }

  @Test
  void refusesAFileThatChangedMeanwhile() throws IOException {
    Path file = Checkpoints.small(directory).resolve("model.safetensors");
    try (Safetensors tensors = Safetensors.open(file)) {
      Files.write(file, new byte[1], StandardOpenOption.APPEND);
      long size = Files.size(file);
      assertThatExceptionOfType(UserException.class)
          .isThrownBy(() -> tensors.map("a", GIB))
          .withMessage(
              "Cannot read %s: it had %d bytes when it was opened and now has %d. "
                  + "Leave a checkpoint unchanged while it is in use.",
              file, size - 1, size);
    }
  }

  @Test
  void askingForWhatIsNotThereIsAProgrammingError() {
    Path file = Checkpoints.small(directory).resolve("model.safetensors");
    try (Safetensors tensors = Safetensors.open(file)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tensors.map("absent", GIB))
          .withMessage(file + " has no tensor 'absent'");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tensors.map("a", 0))
          .withMessage("maxChunkBytes must be positive: 0");
    }
  }

  @Test
  void absentFileIsNamed() {
    Path file = directory.resolve("absent.safetensors");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Safetensors.open(file))
        .withMessageStartingWith("Cannot read " + file + ": there is no such file");
  }

  /** Each header has four bytes of data behind it; the message names what is wrong with it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'x': ['F32', [1], [0, 8]]} | tensor 'x' ends at 8, beyond the 4 bytes of data",
        "{'x': ['F32', [1], [4, 0]]} | tensor 'x' begins at 4, after its end at 0",
        "{'x': ['F16', [1], [0, 4]]} | tensor 'x' has 4 bytes, its shape (1) of F16 implies 2",
        "{'x': ['U8', [4], [0, 4]], 'y': ['U8', [2], [2, 4]]} | tensors 'x' and 'y' overlap",
        "{'x': ['U8', [1], [0, 1]], 'y': ['U8', [1], [3, 4]]} | 2 bytes before tensor 'y'",
        "{'x': ['U8', [3], [1, 4]]} | 1 bytes before tensor 'x' belong to no tensor",
        "{'x': ['U8', [3], [0, 3]]} | 1 bytes at its end belong to no tensor",
        "{} | 4 bytes at its end belong to no tensor",
        "{'x': ['U8', [-4], [0, 4]]} | tensor 'x' has shape [-4], not numbers from 0",
        "{'x': ['U8', [4], [-4, 0]]} | tensor 'x' has data_offsets [-4,0], not numbers from 0",
        "{'x': ['U8', [4.0], [0, 4]]} | tensor 'x' has shape [4.0], not numbers",
        "{'x': ['U8', [99999999999999999999], [0, 4]]} | tensor 'x' has shape [9999",
        "{'x': ['F32', [4294967296, 4294967296], [0, 4]]} | beyond 2^63 bytes",
        "{'x': ['U8', [4], [0]]} | tensor 'x' has data_offsets [0], not two numbers",
        "{'x': ['U8', 4, [0, 4]]} | tensor 'x' has no shape",
        "{'x': [7, [4], [0, 4]]} | tensor 'x' has no dtype",
        "{'x': ['U8', [4], null]} | tensor 'x' has no data_offsets",
        "{'x': ['F4', [4], [0, 4]]} | tensor 'x' has dtype F4, which is not supported",
        "{'x': ['U8', [4], [0, 4]], 'x': ['U8', [4], [0, 4]]} | Duplicate field 'x'",
        "{'__metadata__': [], 'x': ['U8', [4], [0, 4]]} | __metadata__ is not an object",
        "{'__metadata__': {'k': 1}, 'x': ['U8', [4], [0, 4]]} | __metadata__ holds 'k'",
        "{'x' | it is not valid JSON",
        "[] | it is not a JSON object",
      })
  void refusesCorruptHeaders(String compact, String cause) {
    String header =
        compact
            .replace('\'', '"')
            .replaceAll(
                "\\[(\"\\w+\"|7), (\\[.*?\\]|4), (\\[.*?\\]|null)\\]",
                "{\"dtype\": $1, \"shape\": $2, \"data_offsets\": $3}");
    Path file = Checkpoints.safetensors(directory.resolve("bad.safetensors"), header, 4);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Safetensors.open(file))
        .withMessageStartingWith("Cannot read ")
        .withMessageContaining(file.toString())
        .withMessageContaining(cause);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | it has 0 bytes, too few for the length of a header",
        "01 02 03 | it has 3 bytes, too few",
        "64 00 00 00 00 00 00 00 7b | its header claims 100 bytes, the file ends after 9",
        "01 e1 f5 05 00 00 00 00 7b | its header claims 100000001 bytes, the format allows 100",
        "ff ff ff ff ff ff ff ff 7b | its header claims 18446744073709551615 bytes",
      })
  void refusesBrokenHeaderLengths(String hex, String cause) {
    String[] digits = hex.isEmpty() ? new String[0] : hex.split(" ", -1);
    byte[] bytes = new byte[digits.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(digits[i], 16);
    }
    Path file = Checkpoints.bytes(directory.resolve("bad.safetensors"), bytes);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Safetensors.open(file))
        .withMessageStartingWith(
            "Cannot read " + file + ": the file is truncated or corrupt: " + cause);
  }

  @Test
  void refusesAFileCutShort() throws IOException {
    Path file = Checkpoints.small(directory).resolve("model.safetensors");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 1);
    }
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Safetensors.open(file))
        .withMessageContaining("tensor 'b' ends at 24, beyond the 23 bytes of data in the file");
  }

  @Test
  void refusesAHeaderThatIsNotUtf8() {
    byte[] header = "{\"\u00e9\": 1}".getBytes(StandardCharsets.ISO_8859_1);
    byte[] bytes =
        ByteBuffer.allocate(8 + header.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array();
    Path file = Checkpoints.bytes(directory.resolve("bad.safetensors"), bytes);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Safetensors.open(file))
        .withMessageStartingWith("Cannot read the header of " + file + ": it is not valid JSON");
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
