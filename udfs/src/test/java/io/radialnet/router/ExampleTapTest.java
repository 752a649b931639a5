package io.radialnet.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.radialnet.router.RouterFeatures.Inputs;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Block;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.Golden;
import io.radialnet.transformer.ResidualTap;
import io.radialnet.transformer.Transformer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Features against the same computed in Java, ratios against Hugging Face transformers. */
class ExampleTapTest {

  private static final RouterFeatures FEATURES = new RouterFeatures(8, 5);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "opt",
        "llama",
        "gpt_neox",
        "gpt_neox-sequential",
        "bert",
        "opt-350m-style",
        "gemma2"
      })
  void featuresAreThoseOfEachBlocksInput(String family) throws Exception {
    try (Golden golden = Golden.of(family);
        Transformer model = golden.load(Head.UNUSED);
        Scope scope = model.newScope()) {
      int layers = model.architecture().layers();
      int hiddenSize = model.architecture().hiddenSize(); // E
      float[] matrix = FEATURES.projectionMatrix(hiddenSize); // (E, k)
      Inputs inputs = Inputs.of(model.architecture().form());
      assertThat(inputs == Inputs.PARALLEL).isEqualTo(family.equals("gpt_neox"));
      ExampleTap tap = new ExampleTap(StreamProjection.on(matrix, 8, scope), inputs, scope);
      Streams streams = new Streams();
      model.forward(golden.batch(scope), tap, scope);
      model.forward(golden.batch(scope), streams, scope);
      int tokens = golden.sequences().stream().mapToInt(ids -> ids.length).sum(); // N

      for (int block = 0; block < 2 * layers; block++) {
        float[] x =
            inputs == Inputs.PARALLEL
                ? streams.layers.get(block / 2)
                : streams.additions.get(block); // (N, E)
        float[] features = tap.features(rows(block, tokens)).toFloatArray(); // (N, k + 1)
        for (int token = 0; token < tokens; token++) {
          assertThat(features[token * 9 + 8])
              .as("log norm of block %d, token %d", block, token)
              .isCloseTo((float) Math.log(norm(x, token, hiddenSize)), within(1e-5f));
          for (int j = 0; j < 8; j++) {
            double expected = 0;
            for (int e = 0; e < hiddenSize; e++) {
              expected += x[token * hiddenSize + e] * (double) matrix[e * 8 + j];
            }
            assertThat(features[token * 9 + j])
                .as("number %d of block %d, token %d", j, block, token)
                .isCloseTo((float) expected, within(1e-4f * (1 + (float) Math.abs(expected))));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"opt", "llama", "gpt_neox", "bert"})
  void ratiosAreThoseOfTransformers(String family) throws Exception {
    try (Golden golden = Golden.of(family);
        Transformer model = golden.load(Head.UNUSED);
        Scope scope = model.newScope()) {
      float[] matrix = FEATURES.projectionMatrix(model.architecture().hiddenSize());
      ExampleTap tap =
          new ExampleTap(
              StreamProjection.on(matrix, 8, scope), Inputs.of(model.architecture().form()), scope);
      model.forward(golden.batch(scope), tap, scope);
      int tokens = golden.sequences().stream().mapToInt(ids -> ids.length).sum(); // N
      for (Block block : List.of(Block.ATTN, Block.MLP)) {
        float[] update = golden.ofTokens(golden.floats(block.column() + ".update"), 1); // (L, N)
        float[] output = golden.ofTokens(golden.floats(block.column() + ".output"), 1);
        for (int layer = 0; layer < model.architecture().layers(); layer++) {
          int number = 2 * layer + (block == Block.MLP ? 1 : 0);
          float[] ratios = tap.ratios(rows(number, tokens)).toFloatArray(); // (N)
          for (int token = 0; token < tokens; token++) {
            int at = layer * tokens + token;
            assertThat(ratios[token]).isCloseTo(update[at] / output[at], within(2e-5f));
          }
        }
      }
    }
  }

  private static long[] rows(int block, int tokens) {
    long[] rows = new long[tokens];
    for (int token = 0; token < tokens; token++) {
      rows[token] = (long) block * tokens + token;
    }
    return rows;
  }

  private static double norm(float[] x, int token, int hiddenSize) {
    double squares = 0;
    for (int e = 0; e < hiddenSize; e++) {
      squares += x[token * hiddenSize + e] * (double) x[token * hiddenSize + e];
    }
    return Math.sqrt(squares);
  }

  /** Copies what goes into additions and layers. */
  private static final class Streams implements ResidualTap {
    private final List<float[]> additions = new ArrayList<>();
    private final List<float[]> layers = new ArrayList<>();

    @Override
    public void addition(int layer, Block block, NDArray before, NDArray update, NDArray after) {
      additions.add(before.toFloatArray());
    }

    @Override
    public void layer(int layer, NDArray before, NDArray after) {
      layers.add(before.toFloatArray());
    }
  }
}
