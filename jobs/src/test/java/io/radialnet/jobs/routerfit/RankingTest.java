package io.radialnet.jobs.routerfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radialnet.jobs.interval.Interval;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankingTest {

  private static final int COUNT = 300;

  private final Random random = new Random(3);
  private final boolean[] labels = new boolean[COUNT];
  private final double[] weights = new double[COUNT];
  private final long[] documents = new long[COUNT];
  private final double[] scores = new double[COUNT];

  RankingTest() {
    for (int i = 0; i < COUNT; i++) {
      labels[i] = random.nextInt(4) == 0;
      weights[i] = 0.5 + random.nextInt(3);
      documents[i] = i % 30;
      scores[i] = random.nextInt(20) + (labels[i] ? 5 : 0); // many ties
    }
  }

  private Observations observations() {
    return Observations.of(labels, weights, documents, rows());
  }

  private static int[] rows() {
    return IntStream.range(0, COUNT).toArray();
  }

  @Test
  void aucIsTheShareOfPairsInOrder() {
    assertThat(new Ranking(observations(), scores).auc())
        .isCloseTo(byPairs(weights), within(1e-12));
  }

  /** A document drawn twice is as if its examples weighed twice as much. */
  @Test
  void aResampleWeighsByHowOftenADocumentWasDrawn() {
    int[] draws = new int[30];
    double[] resampled = new double[COUNT];
    for (int i = 0; i < 30; i++) {
      draws[i] = i % 3;
    }
    for (int i = 0; i < COUNT; i++) {
      resampled[i] = weights[i] * draws[i % 30];
    }
    assertThat(new Ranking(observations(), scores).auc(draws))
        .isCloseTo(byPairs(resampled), within(1e-12));
  }

  private double byPairs(double[] weight) {
    double inOrder = 0;
    double all = 0;
    for (int i = 0; i < COUNT; i++) {
      for (int j = 0; j < COUNT; j++) {
        if (labels[i] && !labels[j]) {
          double pair = weight[i] * weight[j];
          all += pair;
          inOrder += scores[i] > scores[j] ? pair : scores[i] == scores[j] ? pair / 2 : 0;
        }
      }
    }
    return inOrder / all;
  }

  @Test
  void aConstantScoreRanksByChance() {
    Ranking ranking = new Ranking(observations(), new double[COUNT]);
    assertThat(ranking.auc()).isEqualTo(0.5);
    assertThat(ranking.averagePrecision()).isCloseTo(observations().baseRate(), within(1e-12));
  }

  @Test
  void oneClassHasNoAuc() {
    Ranking ranking =
        new Ranking(Observations.of(new boolean[COUNT], weights, documents, rows()), scores);
    assertThat(ranking.auc()).isNaN();
    assertThat(ranking.averagePrecision()).isNaN();
  }

  /** Of documents that are alike the interval is as wide as their number says. */
  @Test
  void theIntervalCoversTheTruthAboutAsOftenAsItSays() {
    int covered = 0;
    int trials = 200;
    for (int trial = 0; trial < trials; trial++) {
      Random numbers = new Random(trial);
      int documentCount = 12;
      double[] means = numbers.doubles(documentCount).toArray();
      double[] figures =
          new DocumentBootstrap(200, trial)
              .resampled(
                  documentCount,
                  draws -> {
                    double sum = 0;
                    for (int i = 0; i < documentCount; i++) {
                      sum += draws[i] * means[i];
                    }
                    return sum / documentCount;
                  });
      Interval interval = Interval.ofResamples(figures, documentCount);
      covered += interval.low() <= 0.5 && 0.5 <= interval.high() ? 1 : 0;
    }
    assertThat(covered).isBetween(180, 199); // 95 % of 200 is 190
  }

  @Test
  void underTenDocumentsThereIsNoInterval() {
    double[] figures = new DocumentBootstrap(200, 1).resampled(9, draws -> 1);
    assertThat(Interval.ofResamples(figures, 9)).isEqualTo(Interval.NONE);
  }
}
