package io.radialnet.checkpoint;

import io.radialnet.checkpoint.SafetensorsWriter.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Small checkpoints for the tests of this package. */
final class Checkpoints {

  static final Path GOLDEN = Path.of("src/test/resources/golden");

  private Checkpoints() {}

  /** A directory with config.json and model.safetensors of two small tensors. */
  static Path small(Path directory) {
    text(directory.resolve("config.json"), "{\"model_type\": \"opt\", \"hidden_size\": 2}");
    SafetensorsWriter.write(
        directory.resolve("model.safetensors"),
        Map.of("a", filled(1, 2, 2), "b", filled(2, 2)),
        Map.of("format", "pt"));
    return directory;
  }

  /** A float32 tensor that holds the same value everywhere. */
  static Tensor filled(float value, long... shape) {
    int elements = 1;
    for (long dimension : shape) {
      elements = Math.toIntExact(elements * dimension);
    }
    float[] values = new float[elements];
    Arrays.fill(values, value);
    return Tensor.float32(values, shape);
  }

  static Path text(Path file, String text) {
    return bytes(file, text.getBytes(StandardCharsets.UTF_8));
  }

  static Path bytes(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A safetensors file of any header, however wrong, and so many zero bytes of data. */
  static Path safetensors(Path file, String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return bytes(
        file,
        ByteBuffer.allocate(8 + text.length + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text)
            .array());
  }
}
