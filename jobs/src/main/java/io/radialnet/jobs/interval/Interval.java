package io.radialnet.jobs.interval;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Ends of a 95 % interval, NaN where there is none. Immutable, serialized by value.
 *
 * @param low its lower end
 * @param high its upper end
 */
public record Interval(double low, double high) implements Serializable {

  /** No interval. */
  public static final Interval NONE = new Interval(Double.NaN, Double.NaN);

  private static final double TAIL = 0.025;
  private static final double MIN_DEFINED = 0.9;

  /**
   * The expanded percentile interval (Hesterberg, "What Teachers Should Know About the Bootstrap",
   * 2015) of a bootstrap over groups: percentiles a little further out than 2.5 and 97.5, as
   * Student's t is wider than the normal distribution and a resample of G groups varies by (G - 1)
   * / G too little.
   *
   * @param figures one a resample, NaN where it is undefined
   * @param groups how many were drawn from, at least 2
   * @return none if more than a tenth of the figures are undefined
   */
  public static Interval ofResamples(double[] figures, int groups) {
    double[] sorted = Arrays.stream(figures).filter(figure -> !Double.isNaN(figure)).toArray();
    if (sorted.length == 0 || sorted.length < MIN_DEFINED * figures.length) {
      return NONE;
    }
    Arrays.sort(sorted);
    double tail = tail(groups);
    return new Interval(percentile(sorted, tail), percentile(sorted, 1 - tail));
  }

  /** This interval, wide enough to hold a value. */
  public Interval holding(double value) {
    return new Interval(Math.min(low, value), Math.max(high, value));
  }

  private static double tail(int groups) {
    double t = new TDistribution(null, groups - 1).inverseCumulativeProbability(TAIL);
    double expanded = Math.sqrt(groups / (groups - 1.0)) * t;
    return new NormalDistribution(null, 0, 1).cumulativeProbability(expanded);
  }

  /** At (n + 1) p of n sorted values, between neighbours where it is no whole number. */
  private static double percentile(double[] sorted, double p) {
    double at = Math.max(1, Math.min(sorted.length, (sorted.length + 1) * p));
    int below = (int) at;
    double value = sorted[below - 1];
    return below == sorted.length ? value : value + (at - below) * (sorted[below] - value);
  }
}
