package io.radialnet.jobs.routerfit;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Examples by descending score: what figures of a ranking are computed of, again and again with
 * other weights. Examples of equal score share a rank.
 */
final class Ranking {

  private final Observations observations;
  private final int[] order;
  private final boolean[] isLastOfRank;

  /**
   * @param scores one an observation, the higher the likelier to be skippable
   */
  Ranking(Observations observations, double[] scores) {
    this.observations = observations;
    this.order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    this.isLastOfRank = new boolean[order.length];
    for (int i = 0; i < order.length; i++) {
      isLastOfRank[i] = i == order.length - 1 || scores[order[i]] != scores[order[i + 1]];
    }
  }

  /** The area under the ROC curve; NaN where all labels are the same. */
  double auc() {
    return auc(null);
  }

  /**
   * The same of a resample.
   *
   * @param draws how often each group of documents was drawn; null: each once
   */
  double auc(int[] draws) {
    double area = 0;
    double skippableAbove = 0;
    double skippable = 0;
    double other = 0;
    double others = 0;
    for (int i = 0; i < order.length; i++) {
      double weight = weight(order[i], draws);
      if (observations.labels()[order[i]]) {
        skippable += weight;
      } else {
        other += weight;
      }
      if (isLastOfRank[i]) {
        area += other * (skippableAbove + skippable / 2);
        skippableAbove += skippable;
        others += other;
        skippable = 0;
        other = 0;
      }
    }
    double pairs = skippableAbove * others;
    return pairs > 0 ? Math.min(1, area / pairs) : Double.NaN;
  }

  /** The mean precision over all that is skippable, by rank; NaN where nothing is. */
  double averagePrecision() {
    double sum = 0;
    double skippable = 0;
    double skippableAbove = 0;
    double all = 0;
    for (int i = 0; i < order.length; i++) {
      double weight = observations.weights()[order[i]];
      all += weight;
      if (observations.labels()[order[i]]) {
        skippable += weight;
      }
      if (isLastOfRank[i]) {
        sum += (skippable - skippableAbove) * skippable / all;
        skippableAbove = skippable;
      }
    }
    return skippable > 0 ? Math.min(1, sum / skippable) : Double.NaN;
  }

  private double weight(int observation, int[] draws) {
    double weight = observations.weights()[observation];
    return draws == null ? weight : weight * draws[observations.groups()[observation]];
  }
}
