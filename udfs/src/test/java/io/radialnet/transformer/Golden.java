package io.radialnet.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.checkpoint.Safetensors;
import io.radialnet.checkpoint.TensorFiles;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.family.Families;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** One family's small model and the values that Hugging Face transformers computed with it. */
public final class Golden implements AutoCloseable {

  private final Path directory;
  private final Safetensors values;

  private Golden(Path directory) {
    this.directory = directory;
    this.values = Safetensors.open(directory.resolve("golden.safetensors"));
  }

  public static Golden of(String family) {
    try {
      return new Golden(Path.of(Golden.class.getResource("/golden/" + family).toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public Path directory() {
    return directory;
  }

  public Blueprint blueprint() {
    return Families.blueprint(ModelConfig.read(directory));
  }

  public Transformer load(Head head) {
    try (TensorFiles files = TensorFiles.open(directory)) {
      return Transformer.load(
          blueprint(), files, ElementType.FLOAT32, Device.cpu(), head, longestSequence());
    }
  }

  public int rows() {
    return (int) shape("input_ids")[0];
  }

  public int longestSequence() {
    return (int) shape("input_ids")[1];
  }

  public NDArray tokens(Scope scope) {
    return scope.manager().create(longs("input_ids"), new Shape(shape("input_ids")));
  }

  /** The real tokens of each sequence. */
  public int[] lengths() {
    long[] mask = longs("attention_mask");
    int columns = longestSequence();
    int[] lengths = new int[rows()];
    for (int i = 0; i < mask.length; i++) {
      lengths[i / columns] += (int) mask[i];
    }
    return lengths;
  }

  public long[] shape(String name) {
    return values.tensors().get(name).dimensions();
  }

  public float[] floats(String name) {
    ByteBuffer bytes = values.map(name, Integer.MAX_VALUE).get(0);
    float[] floats = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }

  public long[] longs(String name) {
    ByteBuffer bytes = values.map(name, Integer.MAX_VALUE).get(0);
    long[] longs = new long[bytes.remaining() / Long.BYTES];
    bytes.asLongBuffer().get(longs);
    return longs;
  }

  @Override
  public void close() throws java.io.IOException {
    values.close();
  }
}
