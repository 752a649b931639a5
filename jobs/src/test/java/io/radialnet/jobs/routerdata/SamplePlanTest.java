package io.radialnet.jobs.routerdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SamplePlanTest {

  @Test
  void smallStrataAreTakenWholeAndTheRestIsShared() {
    assertThat(SamplePlan.mostOfEach(List.of(100L, 100L), 50)).isEqualTo(25);
    assertThat(SamplePlan.mostOfEach(List.of(1000L, 10L, 0L, 500L), 110)).isEqualTo(50);
    assertThat(SamplePlan.mostOfEach(List.of(30L, 10L, 20L), 50)).isEqualTo(20);
    assertThat(SamplePlan.mostOfEach(List.of(30L, 10L), 40)).isInfinite();
    assertThat(SamplePlan.mostOfEach(List.of(30L, 10L), 1000)).isInfinite();
  }

  @Test
  void aSampleIsSpreadAsAsked() {
    Strata strata = new Strata(2);
    Strata drawn = new Strata(2);
    Random random = new Random(1);
    long[][] candidates = new long[60_000][];
    for (int i = 0; i < candidates.length; i++) {
      int block = i % 2;
      int domain = i % 20 == 0 ? 1 : 0; // block 0 only: 3,000 of 30,000
      int label = i % 3 == 0 ? 1 : 0;
      long hash = random.nextLong() >>> 1;
      candidates[i] = new long[] {block, domain, label, hash};
      strata.add(name(domain), block, label == 1, hash);
    }

    SamplePlan plan = SamplePlan.of(strata, 10_000);

    for (long[] one : candidates) {
      if (plan.draws(name((int) one[1]), (int) one[0], one[2] == 1, one[3])) {
        drawn.add(name((int) one[1]), (int) one[0], one[2] == 1, one[3]);
      }
    }
    assertThat(drawn.size("rare", 0, true))
        .isEqualTo(1_000)
        .isEqualTo(strata.size("rare", 0, true));
    for (boolean label : new boolean[] {false, true}) {
      assertThat(drawn.size("common", 1, label)).isCloseTo(2_500, within(200L));
      assertThat(drawn.size("common", 0, label)).isCloseTo(1_333, within(150L));
    }
    assertThat(drawn.size("rare", 0, false)).isCloseTo(1_333, within(150L));
    assertThat(drawn.size("rare", 1, false)).isZero();
  }

  private static String name(int domain) {
    return domain == 1 ? "rare" : "common";
  }

  @Test
  void ofEveryStratumAtLeastOneIsDrawn() {
    Strata strata = new Strata(2);
    for (int i = 0; i < 1000; i++) {
      strata.add(null, i % 2, i % 4 < 2, Hashes.MAX - i);
    }

    SamplePlan plan = SamplePlan.of(strata, 1);

    assertThat(plan.draws(null, 0, true, Hashes.MAX - 996)).isTrue();
    assertThat(plan.draws(null, 0, true, Hashes.MAX - 992)).isFalse();
    assertThat(plan.draws(null, 1, false, Hashes.MAX - 999)).isTrue();
    assertThat(plan.draws(null, 1, false, Hashes.MAX - 995)).isFalse();
  }

  @Test
  void strataOfPartsAddUp() {
    Strata whole = new Strata(2);
    Strata left = new Strata(2);
    Strata right = new Strata(2);
    for (int i = 0; i < 100; i++) {
      String domain = i % 3 == 0 ? null : "d" + i % 3;
      whole.add(domain, i % 2, i % 5 == 0, 1000 - i);
      (i < 40 ? left : right).add(domain, i % 2, i % 5 == 0, 1000 - i);
    }

    Strata merged = left.merge(right);

    assertThat(merged.domains()).isEqualTo(whole.domains()).hasSize(3);
    assertThat(merged.total()).isEqualTo(100);
    assertThat(merged.total(true)).isEqualTo(20);
    for (String domain : whole.domains()) {
      assertThat(merged.size(domain, 0, true)).isEqualTo(whole.size(domain, 0, true));
      assertThat(merged.smallest(domain, 0, true)).isEqualTo(whole.smallest(domain, 0, true));
    }
  }
}
