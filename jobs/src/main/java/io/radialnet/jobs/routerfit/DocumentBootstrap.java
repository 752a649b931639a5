package io.radialnet.jobs.routerfit;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Intervals by a bootstrap over documents, whose tokens are not independent of one another: groups
 * of documents are drawn with replacement, as many as there are. The 95 % interval is the expanded
 * percentile interval (Hesterberg, "What Teachers Should Know About the Bootstrap", 2015), as that
 * of the medians in {@code layer_sparsity}. Immutable, serialized by value.
 *
 * @param resamples how many times groups are drawn; 0: there are no intervals
 * @param seed of the draws
 */
record DocumentBootstrap(int resamples, long seed) implements Serializable {

  /** Under so many documents there is no interval. */
  static final int MIN_DOCUMENTS = 10;

  /** The most groups; documents beyond are drawn together with others. */
  static final int MAX_GROUPS = 1024;

  private static final double TAIL = 0.025;

  /** Ends of an interval, NaN where there is none. */
  record Interval(double low, double high) implements Serializable {
    static final Interval NONE = new Interval(Double.NaN, Double.NaN);

    /** This interval, wide enough to hold a value. */
    Interval holding(double value) {
      return new Interval(Math.min(low, value), Math.max(high, value));
    }
  }

  /**
   * Draws groups and computes a figure of each resample.
   *
   * @param groups how many groups of documents there are
   * @param figure of how often each group was drawn; NaN where it is undefined
   * @return one a resample; empty if there are too few groups
   */
  double[] resampled(int groups, ToDoubleFunction<int[]> figure) {
    if (groups < MIN_DOCUMENTS) {
      return new double[0];
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] figures = new double[resamples];
    int[] draws = new int[groups];
    for (int i = 0; i < resamples; i++) {
      Arrays.fill(draws, 0);
      for (int draw = 0; draw < groups; draw++) {
        draws[random.nextInt(groups)]++;
      }
      figures[i] = figure.applyAsDouble(draws);
    }
    return figures;
  }

  /**
   * The interval of figures of resamples; none if a tenth of them are undefined.
   *
   * @param groups that were drawn from
   */
  static Interval interval(double[] figures, int groups) {
    double[] sorted = Arrays.stream(figures).filter(figure -> !Double.isNaN(figure)).toArray();
    if (sorted.length == 0 || sorted.length < 0.9 * figures.length) {
      return Interval.NONE;
    }
    Arrays.sort(sorted);
    double tail = tail(groups);
    return new Interval(percentile(sorted, tail), percentile(sorted, 1 - tail));
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
