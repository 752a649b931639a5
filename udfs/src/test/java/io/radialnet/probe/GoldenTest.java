package io.radialnet.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Block;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.Golden;
import io.radialnet.transformer.Transformer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every value that Hugging Face transformers gives for a small model of each family. */
class GoldenTest {

  private static final List<Block> BLOCKS = List.of(Block.ATTN, Block.MLP, Block.LAYER);
  private static final List<Measure> MEASURES =
      List.of(Measure.RATIO, Measure.COSINE, Measure.UPDATE_NORM, Measure.OUTPUT_NORM);
  private static final float RATIO_TOLERANCE = 2e-5f;
  private static final float VALUE_TOLERANCE = 1e-4f; // relative where a value is over 1

  @ParameterizedTest
  @ValueSource(
      strings = {
        "opt",
        "opt-350m-style",
        "opt-no-bias-gelu",
        "llama",
        "llama-rope-scaled",
        "llama-biases-rope-linear"
      })
  void ratiosAndCosinesAreThoseOfTransformers(String family) throws Exception {
    try (Golden golden = Golden.of(family);
        Transformer model = golden.load(Head.UNUSED);
        Scope scope = model.newScope()) {
      ResidualProbe probe = new ResidualProbe(new ProbePlan(BLOCKS, MEASURES), scope);
      model.forward(golden.tokens(scope), probe, scope);
      NDArray columns = probe.columns(); // (C, B, T, L)
      for (int b = 0; b < BLOCKS.size(); b++) {
        String block = BLOCKS.get(b).column();
        float[] update = golden.floats(block + ".update"); // (L, B, T)
        float[] output = golden.floats(block + ".output");
        float[] cosine = golden.floats(block + ".cosine");
        float[] ratio = new float[update.length];
        for (int i = 0; i < ratio.length; i++) {
          ratio[i] = update[i] / output[i];
        }
        int c = b * MEASURES.size();
        compare(block + " ratio", column(columns, c), ratio, golden, RATIO_TOLERANCE);
        compare(block + " cosine", column(columns, c + 1), cosine, golden, RATIO_TOLERANCE);
        compare(block + " update", column(columns, c + 2), update, golden, VALUE_TOLERANCE);
        compare(block + " output", column(columns, c + 3), output, golden, VALUE_TOLERANCE);
      }
    }
  }

  private static float[] column(NDArray columns, int c) {
    return columns.get(c).transpose(2, 0, 1).toFloatArray(); // (L, B, T)
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "opt",
        "opt-350m-style",
        "opt-no-bias-gelu",
        "llama",
        "llama-rope-scaled",
        "llama-biases-rope-linear"
      })
  void hiddenAndLogitsAreThoseOfTransformers(String family) throws Exception {
    try (Golden golden = Golden.of(family);
        Transformer model = golden.load(Head.USED);
        Scope scope = model.newScope()) {
      NDArray tokens = golden.tokens(scope);
      NDArray hidden = model.forward(tokens, io.radialnet.transformer.ResidualTap.NONE, scope);
      NDArray logits = model.logits(hidden, scope);
      comparePerToken("hidden", hidden.toFloatArray(), golden.floats("hidden"), golden);
      comparePerToken("logits", logits.toFloatArray(), golden.floats("logits"), golden);

      NDArray surprisal = model.surprisal(hidden, tokens, scope); // (B, T - 1)
      NDArray last = logits.logSoftmax(-1);
      long[] ids = golden.longs("input_ids");
      for (int row = 0; row < golden.rows(); row++) {
        for (int t = 0; t + 1 < golden.lengths()[row]; t++) {
          long next = ids[row * golden.longestSequence() + t + 1];
          assertThat(surprisal.getFloat(row, t))
              .isCloseTo(-last.getFloat(row, t, next), within(1e-4f));
        }
      }
    }
  }

  /** (L, B, T) against (L, B, T), padding left out. */
  private static void compare(
      String what, float[] actual, float[] expected, Golden golden, float tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    int columns = golden.longestSequence();
    int[] lengths = golden.lengths();
    int compared = 0;
    for (int i = 0; i < expected.length; i++) {
      if (i % columns < lengths[i / columns % golden.rows()]) {
        float scale = tolerance == RATIO_TOLERANCE ? 1 : Math.max(1, Math.abs(expected[i]));
        assertThat(actual[i])
            .as("%s at %d", what, i)
            .isCloseTo(expected[i], within(tolerance * scale));
        compared++;
      }
    }
    assertThat(compared).isPositive();
  }

  /** (B, T, width) against the same, padding left out. */
  private static void comparePerToken(
      String what, float[] actual, float[] expected, Golden golden) {
    assertThat(actual).hasSameSizeAs(expected);
    int width = expected.length / golden.rows() / golden.longestSequence();
    for (int i = 0; i < expected.length; i++) {
      int token = i / width;
      int row = token / golden.longestSequence();
      if (token % golden.longestSequence() < golden.lengths()[row]) {
        float scale = Math.max(1, Math.abs(expected[i]));
        assertThat(actual[i])
            .as("%s at %d", what, i)
            .isCloseTo(expected[i], within(VALUE_TOLERANCE * scale));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "opt",
        "opt-350m-style",
        "opt-no-bias-gelu",
        "llama",
        "llama-rope-scaled",
        "llama-biases-rope-linear"
      })
  void aBatchGivesWhatItsSequencesGiveAlone(String family) throws Exception {
    try (Golden golden = Golden.of(family);
        Transformer model = golden.load(Head.UNUSED);
        Scope scope = model.newScope()) {
      ProbePlan plan = new ProbePlan(BLOCKS, MEASURES);
      NDArray tokens = golden.tokens(scope);
      ResidualProbe together = new ResidualProbe(plan, scope);
      model.forward(tokens, together, scope);
      NDArray batch = together.columns(); // (C, B, T, L)
      for (int row = 0; row < golden.rows(); row++) {
        int length = golden.lengths()[row];
        ResidualProbe alone = new ResidualProbe(plan, scope);
        model.forward(tokens.get(new NDIndex("{}:{}, 0:{}", row, row + 1, length)), alone, scope);
        float[] single = alone.columns().toFloatArray();
        float[] inBatch =
            batch.get(new NDIndex(":, {}:{}, 0:{}, :", row, row + 1, length)).toFloatArray();
        for (int i = 0; i < single.length; i++) {
          float scale = Math.max(1, Math.abs(single[i]));
          assertThat(inBatch[i]).isCloseTo(single[i], within(1e-5f * scale));
        }
      }
    }
  }
}
