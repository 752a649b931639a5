package io.radialnet.jobs.routerfit;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From which calibrated probability on tokens skip a block, so that target shares of them do: of
 * the probabilities that occur, and of "none does", the one whose share is nearest. A calibration
 * gives many examples one probability, so a share may be missed; what is reached is told. A
 * threshold lies half-way to the next lower probability, so that rounding does not decide.
 *
 * @param thresholds one a target share
 * @param reached the share of examples, weighted, at or above each threshold
 */
record SkipThresholds(List<Double> thresholds, List<Double> reached) implements Serializable {

  /** Probabilities no further apart are one: computed elsewhere, they may be in another order. */
  private static final double SAME = 1e-9;

  /** For target shares, by examples of one probability and one weight each. */
  static SkipThresholds of(double[] probabilities, double[] weights, List<Double> shares) {
    int[] order =
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> probabilities[i]).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    double all = Arrays.stream(weights).sum();
    double[] thresholds = new double[shares.size()];
    double[] reached = new double[shares.size()];
    Arrays.fill(thresholds, probabilities[order[0]] + SAME); // none does
    double above = 0;
    for (int i = 0; i < order.length; i++) {
      above += weights[order[i]];
      boolean isLast = i == order.length - 1;
      double next = isLast ? -probabilities[order[i]] : probabilities[order[i + 1]];
      if (isLast || probabilities[order[i]] - next > SAME) {
        double share = isLast ? 1 : above / all;
        for (int target = 0; target < thresholds.length; target++) {
          double wanted = shares.get(target);
          if (Math.abs(share - wanted) < Math.abs(reached[target] - wanted)) {
            thresholds[target] = (probabilities[order[i]] + next) / 2;
            reached[target] = share;
          }
        }
      }
    }
    return new SkipThresholds(boxed(thresholds), boxed(reached));
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
