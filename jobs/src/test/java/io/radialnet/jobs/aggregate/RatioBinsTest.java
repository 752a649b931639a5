package io.radialnet.jobs.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.table.LayerSparsityTable;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RatioBinsTest {

  @Test
  void everyRatioLiesInItsBin() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      float ratio = (float) Math.exp(random.nextDouble() * 24 - 16);
      int bin = RatioBins.of(ratio);
      assertThat(ratio >= RatioBins.low(bin) && ratio < RatioBins.high(bin))
          .as("%s in bin %s", ratio, bin)
          .isTrue();
    }
  }

  @Test
  void edgesBelongToTheBinAbove() {
    for (int bin = 0; bin < RatioBins.count(); bin++) {
      assertThat(RatioBins.of(RatioBins.low(bin))).isEqualTo(bin);
      if (bin > 0) {
        assertThat(RatioBins.of(Math.nextDown(RatioBins.low(bin)))).isEqualTo(bin - 1);
      }
    }
    assertThat(RatioBins.of(-0f)).isZero();
    assertThat(RatioBins.of(Float.MAX_VALUE)).isEqualTo(RatioBins.count() - 1);
  }

  @Test
  void thresholdsAreEdges() {
    List<Double> thresholds = LayerSparsityTable.THRESHOLDS;
    for (int i = 0; i < thresholds.size(); i++) {
      float edge = RatioBins.low(RatioBins.endBelow(i));
      assertThat((double) edge).isGreaterThanOrEqualTo(thresholds.get(i));
      assertThat((double) Math.nextDown(edge)).isLessThan(thresholds.get(i));
    }
  }

  @Test
  void whatIsNoRatioIsNotUsable() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1e-9f, -3}) {
      assertThat(RatioBins.isUsable(value)).as("%s", value).isFalse();
    }
    for (float value : new float[] {0, -0f, 1e-30f, 1, Float.MAX_VALUE}) {
      assertThat(RatioBins.isUsable(value)).as("%s", value).isTrue();
    }
  }

  @Test
  void coarseBinsAreUnionsOfThese() {
    long[] ones = new long[RatioBins.count()];
    java.util.Arrays.fill(ones, 1);
    long[] coarse = CoarseBins.of(ones);
    int fine = 0;
    for (int bin = 0; bin < coarse.length; bin++) {
      assertThat(RatioBins.low(fine)).isEqualTo((float) CoarseBins.low(bin));
      fine += (int) coarse[bin];
    }
    assertThat(fine).isEqualTo(RatioBins.count());
    assertThat(CoarseBins.high(coarse.length - 1)).isNaN();
  }
}
