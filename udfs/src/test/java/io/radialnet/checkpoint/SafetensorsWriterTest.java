package io.radialnet.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.radialnet.checkpoint.SafetensorsWriter.Tensor;
import io.radialnet.error.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

  @TempDir Path directory;

  @Test
  void aGoldenFileIsWrittenBackWithTheSameContent() {
    Path copy = directory.resolve("copy.safetensors");
    try (Safetensors golden =
        Safetensors.open(Checkpoints.GOLDEN.resolve("llama/model.safetensors"))) {
      Map<String, Tensor> tensors = new HashMap<>();
      golden
          .tensors()
          .forEach(
              (name, info) ->
                  tensors.put(name, new Tensor(info.type(), info.shape(), golden.map(name, 1000))));
      SafetensorsWriter.write(copy, tensors, golden.metadata());
      try (Safetensors written = Safetensors.open(copy)) {
        assertThat(written.tensors().keySet()).isEqualTo(golden.tensors().keySet());
        assertThat(written.metadata()).isEqualTo(golden.metadata());
        assertThat(written.tensors().keySet())
            .allSatisfy(
                name ->
                    assertThat(written.map(name, Long.MAX_VALUE))
                        .isEqualTo(golden.map(name, Long.MAX_VALUE)));
      }
    }
  }

  @Test
  void everyTensorIsAlignedToItsType() throws IOException {
    Path file = directory.resolve("t.safetensors");
    SafetensorsWriter.write(
        file,
        Map.of(
            "a", Tensor.of(StorageType.U8, List.of(3L), ByteBuffer.allocate(3)),
            "b", Checkpoints.filled(1, 3),
            "c", Tensor.of(StorageType.I64, List.of(1L), ByteBuffer.allocate(8))),
        Map.of());
    long headerBytes =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(headerBytes % 8).isZero();
    try (Safetensors tensors = Safetensors.open(file)) {
      assertThat(tensors.tensors().values())
          .allMatch(tensor -> tensor.fileOffset() % tensor.type().bytes() == 0);
    }
  }

  @Test
  void replacesAFileAndLeavesNothingElse() throws IOException {
    Path file = directory.resolve("t.safetensors");
    SafetensorsWriter.write(file, Map.of("x", Checkpoints.filled(1, 2)), Map.of());
    SafetensorsWriter.write(file, Map.of("y", Checkpoints.filled(2, 3)), Map.of());
    try (Safetensors tensors = Safetensors.open(file);
        Stream<Path> files = Files.list(directory)) {
      assertThat(tensors.tensors()).containsOnlyKeys("y");
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void unwritablePlaceIsNamed() {
    Path file = directory.resolve("absent/t.safetensors");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> SafetensorsWriter.write(file, Map.of(), Map.of()))
        .withMessageStartingWith("Cannot write " + file + ": there is no such file");
  }

  @Test
  void failedReplacementLeavesTheOldFileAlone() throws IOException {
    Path taken = Files.createDirectories(directory.resolve("taken/inside")).getParent();
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(
            () -> SafetensorsWriter.write(taken, Map.of("x", Checkpoints.filled(1)), Map.of()))
        .withMessageStartingWith("Cannot write " + taken);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(taken);
    }
  }

  @Test
  void sizeMustAgreeWithTheShape() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.float32(new float[3], 2, 2))
        .withMessage("F32 of shape (2, 2) has 16 bytes, given are 12");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                SafetensorsWriter.write(
                    directory.resolve("t"),
                    Map.of("__metadata__", Checkpoints.filled(1)),
                    Map.of()))
        .withMessage("No tensor may be named __metadata__");
  }
}
