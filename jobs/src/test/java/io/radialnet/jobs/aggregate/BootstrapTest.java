package io.radialnet.jobs.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radialnet.jobs.interval.Interval;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapTest {

  private static final Bootstrap BOOTSTRAP = new Bootstrap(200, 1);

  @Test
  void underTwentyDocumentsThereIsNoInterval() {
    assertThat(BOOTSTRAP.ofMedian(sample(19, 1).groups, 19).low()).isNaN();
    assertThat(BOOTSTRAP.ofMedian(sample(20, 1).groups, 20).low()).isPositive();
    assertThat(BOOTSTRAP.ofDifference(sample(20, 1), sample(19, 2), true).high()).isNaN();
  }

  @Test
  void withoutResamplesThereIsNoInterval() {
    assertThat(new Bootstrap(0, 1).ofMedian(sample(50, 1).groups, 50)).isEqualTo(Interval.NONE);
  }

  @Test
  void seedDecides() {
    DocumentGroups groups = sample(60, 5).groups;
    Interval interval = BOOTSTRAP.ofMedian(groups, 60);

    assertThat(new Bootstrap(200, 1).ofMedian(groups, 60)).isEqualTo(interval);
    assertThat(new Bootstrap(200, 2).ofMedian(groups, 60)).isNotEqualTo(interval);
  }

  @Test
  void splitOfTheDocumentsDoesNotMatter() {
    Simulation simulation = new Simulation(80, 7);
    Interval whole = BOOTSTRAP.ofMedian(simulation.groups(0, 80), 80);
    DocumentGroups merged =
        simulation.groups(50, 80).merge(simulation.groups(0, 3)).merge(simulation.groups(3, 50));

    assertThat(BOOTSTRAP.ofMedian(merged, 80)).isEqualTo(whole);
  }

  @Test
  void differenceOfARunToItselfIsNothing() {
    RatioState state = sample(40, 3);
    Interval interval = BOOTSTRAP.ofDifference(state, state, true);

    assertThat(interval.low()).isZero();
    assertThat(interval.high()).isZero();
    Interval unpaired = BOOTSTRAP.ofDifference(state, state, false);
    assertThat(unpaired.low()).isNegative();
    assertThat(unpaired.high()).isPositive();
  }

  /** Of 200 simulations a share of 0.95 is seen within 0.04, by the binomial's 99.9 %. */
  @ParameterizedTest
  @ValueSource(ints = {30, 120, 1000})
  void intervalsCoverTheMedianAsOftenAsTheySay(int documents) {
    int simulations = 200;
    int covered = 0;
    for (int i = 0; i < simulations; i++) {
      covered += covers(documents, 1_000L * documents + i) ? 1 : 0;
    }
    assertThat((double) covered / simulations).isCloseTo(0.95, within(0.04));
  }

  /**
   * Documents of 5 to 100 ratios whose logarithms have a normal effect of the document and a normal
   * rest: the true median is exp(-1.5), whatever the lengths.
   */
  static boolean covers(int documents, long seed) {
    Interval interval =
        new Bootstrap(200, seed).ofMedian(sample(documents, seed).groups, documents);
    double truth = Math.exp(-1.5);
    return interval.low() <= truth && truth <= interval.high();
  }

  private static RatioState sample(int documents, long seed) {
    RatioState state = new RatioState();
    state.documents = documents;
    state.groups = new Simulation(documents, seed).groups(0, documents);
    return state;
  }

  /** Histograms of documents by their group. */
  private static final class Simulation {
    private final long[][] histograms;
    private final int[] groups;

    Simulation(int documents, long seed) {
      histograms = new long[documents][RatioBins.count()];
      groups = new int[documents];
      java.util.Random random = new java.util.Random(seed);
      SplittableRandom lengths = new SplittableRandom(seed);
      for (int document = 0; document < documents; document++) {
        groups[document] = DocumentGroups.groupOf("document " + document + " of " + seed);
        double effect = 0.3 * random.nextGaussian();
        int tokens = lengths.nextInt(5, 100);
        for (int token = 0; token < tokens; token++) {
          float ratio = (float) Math.exp(-1.5 + effect + 0.5 * random.nextGaussian());
          histograms[document][RatioBins.of(ratio)]++;
        }
      }
    }

    DocumentGroups groups(int from, int to) {
      Map<Integer, long[]> byGroup = new TreeMap<>();
      for (int document = from; document < to; document++) {
        byGroup.merge(groups[document], histograms[document].clone(), Simulation::sum);
      }
      DocumentGroups.Builder builder = new DocumentGroups.Builder();
      HistogramSum sum = new HistogramSum();
      byGroup.forEach(
          (group, histogram) -> {
            sum.add(histogram);
            builder.add(group, sum);
          });
      return builder.build();
    }

    private static long[] sum(long[] a, long[] b) {
      for (int bin = 0; bin < a.length; bin++) {
        a[bin] += b[bin];
      }
      return a;
    }
  }
}
