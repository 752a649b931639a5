package io.radialnet.jobs.routerfit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SkipThresholdsTest {

  @Test
  void thresholdsReachTheNearestShareByWeight() {
    double[] probabilities = {0.9, 0.1, 0.5, 0.5, 0.2};
    double[] weights = {1, 4, 1, 2, 2};
    SkipThresholds thresholds =
        SkipThresholds.of(probabilities, weights, List.of(0.1, 0.3, 0.5, 0.9));

    assertThat(thresholds.thresholds()).containsExactly((0.9 + 0.5) / 2, 0.35, 0.35, 0.0);
    assertThat(thresholds.reached()).containsExactly(0.1, 0.4, 0.4, 1.0);
  }

  @Test
  void oneProbabilityForAllSkipsNoneOrAll() {
    SkipThresholds thresholds =
        SkipThresholds.of(new double[] {1, 1}, new double[] {1, 3}, List.of(0.1, 0.9));

    assertThat(thresholds.thresholds()).containsExactly(1 + 1e-9, 0.0);
    assertThat(thresholds.reached()).containsExactly(0.0, 1.0);
  }
}
