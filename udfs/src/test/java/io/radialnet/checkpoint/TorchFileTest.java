package io.radialnet.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.radialnet.error.UserException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFileTest {

  static final Path FILES = Path.of("src/test/resources/bin");

  private static final long GIB = 1L << 30;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "tensors/zip.bin, tensors/twin.safetensors",
    "tensors/protocol4.bin, tensors/twin.safetensors",
    "tensors/plain-dict.bin, tensors/twin.safetensors",
    "tensors/old.bin, tensors/twin.safetensors",
    "module/pytorch_model.bin, module/twin.safetensors",
    "module/old.bin, module/twin.safetensors"
  })
  void readsTheTensorsThatTorchSaved(String saved, String twin) {
    try (TorchFile torch = TorchFile.open(FILES.resolve(saved));
        Safetensors safetensors = Safetensors.open(FILES.resolve(twin))) {
      assertThat(torch.tensors().keySet()).isEqualTo(safetensors.tensors().keySet());
      for (TensorInfo expected : safetensors.tensors().values()) {
        TensorInfo tensor = torch.tensors().get(expected.name());
        assertThat(tensor.type()).as(tensor.name()).isEqualTo(expected.type());
        assertThat(tensor.shape()).as(tensor.name()).isEqualTo(expected.shape());
        assertThat(tensor.bytes()).as(tensor.name()).isEqualTo(expected.bytes());
        for (long maxChunkBytes : new long[] {1, 16, 50, GIB}) {
          assertThat(contents(torch.map(tensor.name(), maxChunkBytes)))
              .as("%s in pieces of %d bytes", tensor.name(), maxChunkBytes)
              .isEqualTo(contents(safetensors.map(tensor.name(), maxChunkBytes)));
        }
      }
    }
  }

  @Test
  void piecesAreReadOnlyLittleEndianAndDirect() {
    try (TorchFile torch = TorchFile.open(FILES.resolve("tensors/zip.bin"))) {
      for (String name : List.of("float32", "transposed")) {
        assertThat(torch.map(name, GIB))
            .singleElement()
            .satisfies(
                buffer -> {
                  assertThat(buffer.isDirect()).isTrue();
                  assertThat(buffer.isReadOnly()).isTrue();
                  assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
                });
      }
    }
  }

  @Test
  void tiedTensorsLieInOnePlaceAndCountOnce() {
    try (TorchFile torch = TorchFile.open(FILES.resolve("module/pytorch_model.bin"))) {
      TensorInfo embedding = torch.tensors().get("0.weight");
      TensorInfo head = torch.tensors().get("2.weight");
      assertThat(head.fileOffset()).isEqualTo(embedding.fileOffset());
      // 11 x 6, two norm vectors of 6, a bias of 11.
      assertThat(torch.tensorBytes()).isEqualTo(4 * (66 + 12 + 11));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nested.bin | under 'state_dict' it holds a dictionary, a file of weights is a dictionary"
            + " of tensors. Save the state dict alone",
        "list.bin | it holds a list, a file of weights is a dictionary of tensors",
        "complex.bin | it asks to load 'torch.ComplexFloatStorage', which is refused",
        "float8.bin | it asks to load 'torch._utils._rebuild_tensor_v3', which is refused",
        "expanded.bin | tensor 'a' repeats elements: it has 12, its storage 3",
        "whole-module.bin | it asks to load 'torch.nn.modules.linear.Linear', which is refused"
      })
  void namesWhatIsNoFileOfWeights(String file, String cause) {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TorchFile.open(FILES.resolve("refused").resolve(file)))
        .withMessageStartingWith("Cannot read " + FILES.resolve("refused").resolve(file) + ": ")
        .withMessageContaining(cause);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | it is not a file of torch.save",
        "hello | it is not a file of torch.save",
        "version https://git-lfs.github.com/spec/v1 | it is a pointer of git-lfs, not the weights."
            + " Fetch the weights: run 'git lfs pull' in the directory."
      })
  void namesOtherFiles(String text, String cause) {
    assertRefused(Checkpoints.text(directory.resolve("x.bin"), text), cause);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "byteorder | big | its byte order is 'big', only little-endian files are read",
        "byteorder | '' | its byte order is ''",
        "version | 11 | its format has version '11'",
        "version | 0 | its format has version '0'",
        "version | three | its format has version 'three'"
      })
  void namesFormatsThatAreNotRead(String record, String text, String cause) {
    Map<String, byte[]> entries =
        TorchZips.entries(PickleBytes.stateDict(1, 0, new long[0], new long[0]).bytes(), 4);
    entries.put("model/" + record, text.getBytes(StandardCharsets.US_ASCII));
    assertRefused(TorchZips.write(directory.resolve("x.bin"), entries, 0), cause);
  }

  @Test
  void aMissingByteOrderIsLittleAndAMissingVersionIsNot() {
    Map<String, byte[]> entries =
        TorchZips.entries(PickleBytes.stateDict(1, 0, new long[0], new long[0]).bytes(), 4);
    entries.remove("model/byteorder");
    Path file = TorchZips.write(directory.resolve("x.bin"), entries, 0);
    try (TorchFile torch = TorchFile.open(file)) {
      assertThat(torch.tensors()).containsOnlyKeys("x");
    }
    entries.remove("model/version");
    assertRefused(TorchZips.write(file, entries, 0), "its format has version ''");
  }

  @Test
  void aBigEndianFileOfTheOldFormatIsNamed() throws IOException {
    byte[] bytes = Files.readAllBytes(FILES.resolve("tensors/old.bin"));
    String latin = new String(bytes, StandardCharsets.ISO_8859_1);
    // little_endian, memoized, then NEWTRUE.
    int at = latin.indexOf("little_endianq\2") + "little_endianq\2".length();
    assertThat(bytes[at]).isEqualTo((byte) 0x88);
    bytes[at] = (byte) 0x89;
    assertRefused(Checkpoints.bytes(directory.resolve("x.bin"), bytes), "its byte order is 'big'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6 | 0 | 2 3 | 3 1 | ",
        "6 | 5 | 1 | 1 | ",
        "6 | 6 | 0 | 1 | ",
        "6 | 0 | 1 1 | 99 99 | ",
        "6 | 1 | 2 3 | 3 1 | reaches beyond the 6 elements of its storage",
        "6 | 7 | 0 | 1 | reaches beyond the 6 elements of its storage",
        "6 | 0 | 2 3 | 4 1 | reaches beyond the 6 elements of its storage",
        "6 | 0 | 4611686018427387904 8 | 0 0 | has more than 2^63 elements",
        "6 | 0 | 3 3 | 4611686018427387904 1 | has more than 2^63 elements",
        "6 | 9223372036854775807 | 1 | 1 | reaches beyond the 6 elements",
        "6 | 0 | 7 | 0 | repeats elements: it has 7, its storage 6",
        "6 | -1 | 1 | 1 | has a negative offset, size or stride",
        "6 | 5 | 2 | -1 | has a negative offset, size or stride",
        "6 | 0 | -2 -3 | 3 1 | has a negative offset, size or stride",
        "6 | 0 | 2 3 | 1 | has 2 sizes and 1 strides"
      })
  void aTensorLiesWithinItsStorage(
      long elements, long offset, String sizes, String strides, String problem) {
    byte[] pickle = PickleBytes.stateDict(elements, offset, longs(sizes), longs(strides)).bytes();
    Path file = TorchZips.write(directory.resolve("x.bin"), pickle, 4 * (int) elements);
    if (problem == null) {
      try (TorchFile torch = TorchFile.open(file)) {
        assertThat(torch.tensors().get("x").shape())
            .containsExactly(Arrays.stream(longs(sizes)).boxed().toArray(Long[]::new));
      }
    } else {
      assertRefused(file, "the file is truncated or corrupt: tensor 'x' " + problem);
    }
  }

  @Test
  void aStorageIsAsLongAsItsElements() {
    byte[] pickle = PickleBytes.stateDict(6, 0, new long[] {6}, new long[] {1}).bytes();
    assertRefused(
        TorchZips.write(directory.resolve("x.bin"), pickle, 20),
        "its entry 'model/data/0' has 20 bytes, 6 elements of F32 have 24");
    Map<String, byte[]> entries = TorchZips.entries(pickle, 24);
    entries.remove("model/data/0");
    assertRefused(
        TorchZips.write(directory.resolve("x.bin"), entries, 0),
        "it lacks the entry 'model/data/0'");
  }

  @Test
  void aStorageKeyLeadsNowhereElse() {
    byte[] pickle =
        PickleBytes.start()
            .code("}")
            .text("x")
            .global("torch._utils", "_rebuild_tensor_v2")
            .code("(")
            .storage("ByteStorage", "../data.pkl", 1)
            .number(0)
            .numbers(1)
            .numbers(1)
            .raw(0x89)
            .orderedDict()
            .code("tRs.")
            .bytes();
    assertRefused(
        TorchZips.write(directory.resolve("x.bin"), pickle, 1),
        "it lacks the entry 'model/data/../data.pkl'");
  }

  @Test
  void mapsFilesAndTensorsOverTwoGibibytes() throws IOException {
    // A transposed view of 3 GiB in a sparse file with zip64 sizes.
    long rows = 3 << 24;
    Path file = directory.resolve("sparse.bin");
    byte[] pickle =
        PickleBytes.stateDict(rows << 4, 0, new long[] {rows, 16}, new long[] {1, rows}).bytes();
    sparseZip64(file, pickle, rows << 6);
    try (TorchFile torch = TorchFile.open(file)) {
      assertThat(torch.tensors().get("x").bytes()).isEqualTo(rows << 6);
      List<ByteBuffer> pieces = torch.map("x", 64);
      assertThat(pieces).hasSize(3 << 24);
      ByteBuffer lastRow = pieces.get((3 << 24) - 1);
      assertThat(lastRow.getInt(4 * 15)).isEqualTo(42);
      assertThat(lastRow.getInt(4 * 14)).isZero();
    }
    byte[] straight =
        PickleBytes.stateDict(rows << 4, 0, new long[] {rows, 16}, new long[] {16, 1}).bytes();
    sparseZip64(file, straight, rows << 6);
    try (TorchFile torch = TorchFile.open(file)) {
      List<ByteBuffer> pieces = torch.map("x", GIB);
      assertThat(pieces).extracting(ByteBuffer::remaining).containsOnly(1 << 30).hasSize(3);
      assertThat(pieces.get(2).getInt((1 << 30) - 4)).isEqualTo(42);
    }
  }

  /** A file of torch.save with one storage of such a length, zeros up to a last element of 42. */
  private static void sparseZip64(Path file, byte[] pickle, long storageBytes) throws IOException {
    Map<String, byte[]> entries = TorchZips.entries(pickle, 0);
    entries.remove("model/data/0");
    byte[] zip = Files.readAllBytes(TorchZips.write(file, entries, 0));
    ByteBuffer end = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int directoryBytes = end.getInt(zip.length - 10);
    int directoryOffset = end.getInt(zip.length - 6);
    byte[] name = "model/data/0".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer tail =
        ByteBuffer.allocate(directoryBytes + 46 + name.length + 32 + 56 + 20 + 22)
            .order(ByteOrder.LITTLE_ENDIAN);
    long newDirectory = directoryOffset + 30 + name.length + storageBytes;
    tail.put(zip, directoryOffset, directoryBytes);
    tail.putInt(0x02014b50).putInt(0).putInt(0).putInt(0).putInt(0).putInt(-1).putInt(-1);
    tail.putShort((short) name.length).putShort((short) 32).putShort((short) 0);
    tail.putInt(0).putInt(0).putInt(-1).put(name);
    tail.putShort((short) 9).putShort((short) 0); // another extra field, empty
    tail.putShort((short) 1).putShort((short) 24);
    tail.putLong(storageBytes).putLong(storageBytes).putLong(directoryOffset);
    long bytes = tail.position();
    tail.putInt(0x06064b50).putLong(44).putInt(0).putLong(0).putLong(4).putLong(4);
    tail.putLong(bytes).putLong(newDirectory);
    tail.putInt(0x07064b50).putInt(0).putLong(newDirectory + bytes).putInt(1);
    tail.putInt(0x06054b50).putInt(0).putShort((short) 4).putShort((short) 4);
    tail.putInt(-1).putInt(-1).putShort((short) 0);
    ByteBuffer local = ByteBuffer.allocate(30 + name.length).order(ByteOrder.LITTLE_ENDIAN);
    local.putInt(0x04034b50).position(26);
    local.putShort((short) name.length).putShort((short) 0).put(name);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(directoryOffset);
      sparse.seek(directoryOffset);
      sparse.write(local.array());
      sparse.seek(newDirectory - 4);
      sparse.write(new byte[] {42, 0, 0, 0});
      sparse.write(tail.array());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"module/pytorch_model.bin", "module/old.bin"})
  void refusesAFileCutAnywhere(String saved) throws IOException {
    Path cut = Files.copy(FILES.resolve(saved), directory.resolve("cut.bin"));
    try (FileChannel channel = FileChannel.open(cut, StandardOpenOption.WRITE)) {
      for (long length = channel.size() - 1; length >= 0; length--) {
        channel.truncate(length);
        assertThat(refusal(cut))
            .as("cut to %d bytes", length)
            .startsWith("Cannot read " + cut + ": ");
      }
    }
  }

  /** A flipped bit of a weight cannot be seen; anywhere else it is refused or changes a name. */
  @ParameterizedTest
  @ValueSource(strings = {"module/pytorch_model.bin", "module/old.bin", "tensors/protocol4.bin"})
  void survivesFlippedBits(String saved) throws IOException {
    Path file = Files.copy(FILES.resolve(saved), directory.resolve("flipped.bin"));
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(20240404);
    int refused = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int round = 0; round < 1500; round++) {
        byte[] flipped = whole.clone();
        for (int flips = 1 + round % 3; flips > 0; flips--) {
          flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        channel.write(ByteBuffer.wrap(flipped), 0);
        String message = refusal(file);
        if (message != null) {
          assertThat(message).startsWith("Cannot read " + file + ": ");
          refused++;
        }
      }
    }
    assertThat(refused).isBetween(300, 1499);
  }

  /** Opens a file and reads all its tensors; the message if it is refused, else null. */
  private static String refusal(Path file) {
    try (TorchFile torch = TorchFile.open(file)) {
      torch.tensors().keySet().forEach(name -> contents(torch.map(name, GIB)));
      return null;
    } catch (UserException e) {
      return e.getMessage();
    }
  }

  @Test
  void refusesBytesBehindTheOldFormat() throws IOException {
    byte[] whole = Files.readAllBytes(FILES.resolve("tensors/old.bin"));
    Path file =
        Checkpoints.bytes(directory.resolve("x.bin"), Arrays.copyOf(whole, whole.length + 3));
    assertRefused(file, "3 bytes at its end belong to no tensor");
  }

  @Test
  void refusesAFileThatChangedMeanwhile() throws IOException {
    Path file = Files.copy(FILES.resolve("tensors/zip.bin"), directory.resolve("x.bin"));
    try (TorchFile torch = TorchFile.open(file)) {
      Files.write(file, new byte[1], StandardOpenOption.APPEND);
      for (String name : List.of("float32", "transposed")) {
        assertThatExceptionOfType(UserException.class)
            .isThrownBy(() -> torch.map(name, GIB))
            .withMessageContaining("Leave a checkpoint unchanged while it is in use");
      }
    }
  }

  @Test
  void buffersOutliveTheFileHandle() {
    TorchFile torch = TorchFile.open(FILES.resolve("tensors/zip.bin"));
    List<ByteBuffer> scalar = torch.map("scalar", GIB);
    List<ByteBuffer> transposed = torch.map("transposed", GIB);
    torch.close();
    assertThat(scalar.get(0).getFloat()).isEqualTo(2.5f);
    assertThat(transposed.get(0).remaining()).isEqualTo(4 * 35);
    assertThatIllegalStateException().isThrownBy(() -> torch.map("scalar", GIB));
  }

  @Test
  void askingForWhatIsNotThereIsAProgrammingError() {
    try (TorchFile torch = TorchFile.open(FILES.resolve("tensors/zip.bin"))) {
      assertThatIllegalArgumentException().isThrownBy(() -> torch.map("absent", GIB));
      assertThatIllegalArgumentException().isThrownBy(() -> torch.map("scalar", 0));
    }
  }

  private static void assertRefused(Path file, String cause) {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TorchFile.open(file))
        .withMessageStartingWith("Cannot read " + file + ": ")
        .withMessageContaining(cause);
  }

  private static long[] longs(String numbers) {
    return Arrays.stream(numbers.split(" ", -1)).mapToLong(Long::parseLong).toArray();
  }

  private static List<String> contents(List<ByteBuffer> pieces) {
    List<String> contents = new ArrayList<>();
    for (ByteBuffer piece : pieces) {
      byte[] bytes = new byte[piece.remaining()];
      piece.duplicate().get(bytes);
      contents.add(HexFormat.of().formatHex(bytes));
    }
    return contents;
  }
}
