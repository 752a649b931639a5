package io.radialnet.transformer;

import ai.djl.Device;
import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.checkpoint.Safetensors;
import io.radialnet.checkpoint.TensorFiles;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Float32Products;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.family.Families;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    return load(head, ElementType.FLOAT32);
  }

  public Transformer load(Head head, ElementType dtype) {
    return load(head, dtype, Float32Products.FLOAT32);
  }

  public Transformer load(Head head, Float32Products products) {
    return load(head, ElementType.FLOAT32, products);
  }

  private Transformer load(Head head, ElementType dtype, Float32Products products) {
    Kernels kernels = Kernels.on(Device.cpu(), products);
    try (TensorFiles files = TensorFiles.open(directory)) {
      return Transformer.load(blueprint(), files, dtype, kernels, head, longestSequence());
    }
  }

  public int rows() {
    return (int) shape("input_ids")[0];
  }

  public int longestSequence() {
    return (int) shape("input_ids")[1];
  }

  /** The sequences, without padding. */
  public Sequences batch(Scope scope) {
    return Sequences.of(sequences(), scope);
  }

  /** Token ids of each sequence, without padding. */
  public List<int[]> sequences() {
    List<int[]> sequences = new ArrayList<>();
    long[] ids = longs("input_ids");
    int columns = longestSequence();
    for (int row = 0; row < rows(); row++) {
      sequences.add(
          Arrays.stream(ids, row * columns, row * columns + lengths()[row])
              .mapToInt(Math::toIntExact)
              .toArray());
    }
    return sequences;
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

  /**
   * The numbers of real tokens, sequence by sequence as a batch lays them.
   *
   * @param values (…, B, T, width) row by row
   */
  public float[] ofTokens(float[] values, int width) {
    int columns = longestSequence();
    int[] lengths = lengths();
    float[] kept = new float[values.length];
    int used = 0;
    for (int i = 0; i < values.length; i++) {
      int token = i / width;
      if (token % columns < lengths[token / columns % lengths.length]) {
        kept[used++] = values[i];
      }
    }
    return Arrays.copyOf(kept, used);
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
