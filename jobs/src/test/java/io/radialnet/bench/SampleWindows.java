package io.radialnet.bench;

import io.radialnet.jobs.table.ProfiledWindow;
import io.radialnet.jobs.table.TokenRatiosTable;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.StructType;

/** Windows of T tokens with numbers spread like a trained model's of L layers. */
final class SampleWindows {

  static final int T = 512;

  /** The columns of the default options. */
  static final StructType SCHEMA =
      TokenRatiosTable.schema(
          new StructType(), List.of("attn", "mlp", "layer"), List.of("ratio", "cosine"));

  private final Random random = new Random(1);
  private final int layers;

  SampleWindows(int layers) {
    this.layers = layers;
  }

  /** So many windows, four a document, in the order of a file. */
  List<ProfiledWindow> make(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> window(String.format("document-%04d", i / 4), i % 4))
        .toList();
  }

  private ProfiledWindow window(String docId, int window) {
    int[] tokenIds = new int[T];
    String[] tokens = new String[T];
    boolean[] special = new boolean[T];
    int[] docPositions = new int[T];
    for (int t = 0; t < T; t++) {
      tokenIds[t] = (int) Math.min(4095, Math.exp(random.nextDouble() * 8.5)); // frequent and rare
      tokens[t] = "Ġtoken" + tokenIds[t];
      special[t] = t == 0;
      docPositions[t] = window * (T - 1) + t - 1;
    }
    docPositions[0] = -1;
    float[][] measures = {ratios(), cosines(), ratios(), cosines(), ratios(), cosines()};
    return new ProfiledWindow(
        docId, window, new Object[0], tokenIds, tokens, special, docPositions, measures, null);
  }

  private float[] ratios() {
    float[] ratios = new float[T * layers]; // (T, L)
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = (float) Math.exp(0.6 * random.nextGaussian() - 1.5); // median 0.22
    }
    return ratios;
  }

  private float[] cosines() {
    float[] cosines = new float[T * layers]; // (T, L)
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = (float) Math.cos(Math.exp(0.5 * random.nextGaussian() - 1.6));
    }
    return cosines;
  }
}
