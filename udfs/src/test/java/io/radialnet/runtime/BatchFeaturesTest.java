package io.radialnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radialnet.router.RouterFeatures;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.Golden;
import io.radialnet.transformer.Transformer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchFeaturesTest {

  private static final RouterFeatures FEATURES = new RouterFeatures(4, 1);

  @ParameterizedTest
  @ValueSource(strings = {"opt", "gpt_neox"})
  void eachExampleGetsItsOwnNumbers(String family) throws Exception {
    try (Golden golden = Golden.of(family);
        Transformer model = golden.load(Head.UNUSED)) {
      BatchFeatures features = new BatchFeatures(model, FEATURES);
      int blocks = 2 * model.architecture().layers();
      List<SampledWindow> few = new ArrayList<>();
      for (int[] ids : golden.sequences()) {
        few.add(new SampledWindow(ids, new int[] {1, 2, (ids.length - 1) * blocks + 3}));
      }

      List<WindowFeatures> together = features.of(few);

      for (int i = 0; i < few.size(); i++) {
        int[] ids = few.get(i).tokenIds();
        int[] all = IntStream.range(0, ids.length * blocks).toArray();
        WindowFeatures alone = features.of(List.of(new SampledWindow(ids, all))).get(0);
        assertThat(alone.ratios()).hasSize(all.length);
        assertThat(together.get(i).ratios()).hasSize(3);
        assertThat(together.get(i).isFinite()).isTrue();
        for (int s = 0; s < 3; s++) {
          int example = few.get(i).examples()[s];
          assertThat(together.get(i).ratios()[s]).isCloseTo(alone.ratios()[example], within(1e-5f));
          for (int j = 0; j < 5; j++) {
            assertThat(together.get(i).inputs()[s * 5 + j])
                .isCloseTo(alone.inputs()[example * 5 + j], within(1e-4f));
          }
        }
      }
    }
  }

  @Test
  void numbersThatAreNotFiniteAreFound() {
    float[] fine = {1, 2};
    assertThat(new WindowFeatures(fine, fine).isFinite()).isTrue();
    assertThat(new WindowFeatures(new float[] {1, Float.NEGATIVE_INFINITY}, fine).isFinite())
        .isFalse();
    assertThat(new WindowFeatures(fine, new float[] {Float.NaN, 1}).isFinite()).isFalse();
  }
}
