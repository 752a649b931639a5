package io.radialnet.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.radialnet.tensor.Float32Products;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Block;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.Golden;
import io.radialnet.transformer.ResidualTap;
import io.radialnet.transformer.Sequences;
import io.radialnet.transformer.Transformer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every value that Hugging Face transformers gives for a small model of each family. */
class GoldenTest {

  private static final List<Block> BLOCKS = List.of(Block.ATTN, Block.MLP, Block.LAYER);
  private static final List<Measure> MEASURES =
      List.of(Measure.RATIO, Measure.COSINE, Measure.UPDATE_NORM, Measure.OUTPUT_NORM);
  private static final float RATIO_TOLERANCE = 2e-5f;
  private static final float VALUE_TOLERANCE = 1e-4f; // relative where a value is over 1

  static List<String> families() {
    return List.of(
        "bert",
        "gemma2",
        "gemma3",
        "gpt2",
        "gpt_neox",
        "gpt_neox-sequential",
        "llama",
        "llama-biases-rope-linear",
        "llama-rope-scaled",
        "mistral-sliding",
        "opt",
        "opt-350m-style",
        "opt-no-bias-gelu",
        "qwen2",
        "qwen3");
  }

  /** Each with every way to multiply float32 that this machine has. */
  static Stream<Arguments> familiesAndProducts() {
    return families().stream()
        .flatMap(
            family ->
                Float32Products.ofThisMachine().stream()
                    .map(products -> Arguments.arguments(family, products)));
  }

  static List<String> decoders() {
    return families().stream().filter(family -> !family.equals("bert")).toList();
  }

  @ParameterizedTest
  @MethodSource("familiesAndProducts")
  void ratiosAndCosinesAreThoseOfTransformers(String family, Float32Products products)
      throws Exception {
    try (Golden golden = Golden.of(family);
        Transformer model = golden.load(Head.UNUSED, products);
        Scope scope = model.newScope()) {
      ResidualProbe probe = new ResidualProbe(new ProbePlan(BLOCKS, MEASURES), scope);
      model.forward(golden.batch(scope), probe, scope);
      NDArray columns = probe.columns(); // (C, N, L)
      for (int b = 0; b < BLOCKS.size(); b++) {
        String block = BLOCKS.get(b).column();
        float[] update = golden.floats(block + ".update"); // (L, B, T)
        float[] output = golden.floats(block + ".output");
        float[] ratio = new float[update.length];
        for (int i = 0; i < ratio.length; i++) {
          ratio[i] = update[i] / output[i];
        }
        int c = b * MEASURES.size();
        compare(block + " ratio", columns.get(c), ratio, golden);
        compare(block + " cosine", columns.get(c + 1), golden.floats(block + ".cosine"), golden);
        compareRelative(block + " update", columns.get(c + 2), update, golden);
        compareRelative(block + " output", columns.get(c + 3), output, golden);
      }
    }
  }

  private static void compare(String what, NDArray actual, float[] expected, Golden golden) {
    float[] numbers = actual.transpose(1, 0).toFloatArray(); // (L, N)
    assertClose(what, numbers, golden.ofTokens(expected, 1), RATIO_TOLERANCE, 0);
  }

  private static void compareRelative(
      String what, NDArray actual, float[] expected, Golden golden) {
    float[] numbers = actual.transpose(1, 0).toFloatArray(); // (L, N)
    assertClose(what, numbers, golden.ofTokens(expected, 1), VALUE_TOLERANCE, VALUE_TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("familiesAndProducts")
  void hiddenIsThatOfTransformers(String family, Float32Products products) throws Exception {
    try (Golden golden = Golden.of(family);
        Transformer model = golden.load(Head.UNUSED, products);
        Scope scope = model.newScope()) {
      NDArray hidden = model.forward(golden.batch(scope), ResidualTap.NONE, scope); // (N, E)
      int width = (int) hidden.getShape().get(1);
      float[] expected = golden.ofTokens(golden.floats("hidden"), width);
      assertClose("hidden", hidden.toFloatArray(), expected, VALUE_TOLERANCE, VALUE_TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void aProbeChangesNoBit(String family) throws Exception {
    try (Golden golden = Golden.of(family);
        Transformer model = golden.load(Head.UNUSED);
        Scope scope = model.newScope()) {
      ResidualProbe probe = new ResidualProbe(new ProbePlan(BLOCKS, MEASURES), scope);
      NDArray probed = model.forward(golden.batch(scope), probe, scope); // (N, E)
      NDArray plain = model.forward(golden.batch(scope), ResidualTap.NONE, scope); // (N, E)
      assertThat(probed.contentEquals(plain)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void logitsAndSurprisalAreThoseOfTransformers(String family) throws Exception {
    try (Golden golden = Golden.of(family);
        Transformer model = golden.load(Head.USED);
        Scope scope = model.newScope()) {
      Sequences batch = golden.batch(scope);
      NDArray hidden = model.forward(batch, ResidualTap.NONE, scope); // (N, W)
      NDArray logits = model.logits(hidden, scope); // (N, V)
      int vocabulary = (int) logits.getShape().get(1);
      float[] expected = golden.ofTokens(golden.floats("logits"), vocabulary);
      assertClose("logits", logits.toFloatArray(), expected, VALUE_TOLERANCE, VALUE_TOLERANCE);

      NDArray surprisal = model.surprisal(hidden, batch, scope); // (N - 1)
      NDArray logProbabilities = logits.logSoftmax(-1); // (N, V)
      int fromToken = 0;
      for (int[] sequence : golden.sequences()) {
        for (int t = 0; t + 1 < sequence.length; t++) {
          int at = fromToken + t;
          assertThat(surprisal.getFloat(at))
              .isCloseTo(-logProbabilities.getFloat(at, sequence[t + 1]), within(1e-4f));
        }
        fromToken += sequence.length;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void aBatchGivesWhatItsSequencesGiveAlone(String family) throws Exception {
    try (Golden golden = Golden.of(family);
        Transformer model = golden.load(Head.UNUSED);
        Scope scope = model.newScope()) {
      NDArray together = measured(model, golden.sequences(), scope); // (C, N, L)
      int fromToken = 0;
      for (int[] sequence : golden.sequences()) {
        float[] alone = measured(model, List.of(sequence), scope).toFloatArray();
        int toToken = fromToken + sequence.length;
        NDArray inBatch = together.get(new NDIndex(":, {}:{}, :", fromToken, toToken));
        assertClose(family, inBatch.toFloatArray(), alone, 1e-5f, 1e-5f);
        fromToken = toToken;
      }
    }
  }

  private static NDArray measured(Transformer model, List<int[]> sequences, Scope scope) {
    ResidualProbe probe = new ResidualProbe(new ProbePlan(BLOCKS, MEASURES), scope);
    model.forward(Sequences.of(sequences, scope), probe, scope);
    return probe.columns();
  }

  private static void assertClose(
      String what, float[] actual, float[] expected, float tolerance, float relative) {
    assertThat(actual).hasSameSizeAs(expected).isNotEmpty();
    for (int i = 0; i < expected.length; i++) {
      float within = Math.max(tolerance, relative * Math.abs(expected[i]));
      assertThat(actual[i]).as("%s at %d", what, i).isCloseTo(expected[i], within(within));
    }
  }
}
