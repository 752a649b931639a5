package io.radialnet.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.radialnet.router.RouterFeatures.Inputs;
import io.radialnet.transformer.Block;
import org.junit.jupiter.api.Test;

class RouterFeaturesTest {

  @Test
  void projectionDependsOnSeedAndSizesAlone() {
    float[] matrix = new RouterFeatures(32, 7).projectionMatrix(48);

    assertThat(matrix).hasSize(48 * 32).isEqualTo(new RouterFeatures(32, 7).projectionMatrix(48));
    assertThat(matrix).isNotEqualTo(new RouterFeatures(32, 8).projectionMatrix(48));
    assertThat(new RouterFeatures(32, 7).projectionMatrix(49)[0]).isNotEqualTo(matrix[0]);
    assertThat(new RouterFeatures(31, 7).projectionMatrix(48)[0]).isNotEqualTo(matrix[0]);
  }

  @Test
  void projectionIsTheSameForEver() {
    // Routers that were fitted carry the seed only.
    assertThat(new RouterFeatures(4, 1).projectionMatrix(2))
        .containsExactly(
            0.6710323f,
            0.77567375f,
            -0.4196143f,
            0.08726093f,
            -0.96584684f,
            0.28903058f,
            -0.009431508f,
            0.4006657f);
  }

  @Test
  void projectionKeepsLengthsOnAverage() {
    float[] matrix = new RouterFeatures(64, 3).projectionMatrix(1000);
    double sum = 0;
    double squares = 0;
    for (float entry : matrix) {
      sum += entry;
      squares += entry * (double) entry;
    }
    assertThat(sum / matrix.length).isCloseTo(0, within(0.002)); // 4 standard errors
    assertThat(squares / matrix.length * 64).isCloseTo(1, within(0.023));
  }

  @Test
  void vectorIsInTheOrderOfTheDefinition() {
    RouterFeatures features = new RouterFeatures(2, 1);

    assertThat(features.vector(new float[] {1, 2}, 3, new float[] {4, 5, 6}, 8, -7))
        .containsExactly(1, 2, 3, 4, 5, 6, (float) Math.log(9), -7);
    assertThatThrownBy(() -> features.vector(new float[3], 0, new float[0], 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the projection has 3 numbers, expected 2");
  }

  @Test
  void ratiosAreKnownOfBlocksThatHaveRun() {
    RouterFeatures features = new RouterFeatures(32, 1);

    assertThat(RouterFeatures.previousRatios(0, Block.ATTN, Inputs.SEQUENTIAL)).isZero();
    assertThat(RouterFeatures.previousRatios(0, Block.MLP, Inputs.SEQUENTIAL)).isEqualTo(1);
    assertThat(RouterFeatures.previousRatios(3, Block.ATTN, Inputs.SEQUENTIAL)).isEqualTo(6);
    assertThat(RouterFeatures.previousRatios(3, Block.MLP, Inputs.PARALLEL)).isEqualTo(6);
    assertThat(features.size(3, Block.MLP, Inputs.SEQUENTIAL)).isEqualTo(32 + 1 + 7 + 2);
  }

  @Test
  void tokensThatNeverOccurHaveAFrequency() {
    assertThat(RouterFeatures.logFrequency(0, 90, 10)).isEqualTo((float) Math.log(0.01));
    assertThat(RouterFeatures.logFrequency(49, 90, 10)).isEqualTo((float) Math.log(0.5));
  }
}
