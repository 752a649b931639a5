package io.radialnet.jobs.aggregate;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Intervals of medians by a bootstrap over documents, whose tokens are not independent of one
 * another: groups of documents are drawn with replacement, as many as there are, and the median of
 * the drawn groups' summed histograms is taken. What is drawn depends on the seed and on which
 * groups there are, not on how the data is split. Immutable, serialized by value.
 *
 * <p>The 95 % interval is the expanded percentile interval (Hesterberg, "What Teachers Should Know
 * About the Bootstrap", 2015): percentiles a little further out than 2.5 and 97.5, as Student's t
 * is wider than the normal distribution and a resample of G groups varies by (G - 1) / G too
 * little.
 *
 * @param resamples how many times groups are drawn; 0: there are no intervals
 * @param seed of the draws
 */
record Bootstrap(int resamples, long seed) implements java.io.Serializable {

  /** Under so many documents there is no interval. */
  static final int MIN_DOCUMENTS = 20;

  private static final double TAIL = 0.025;

  /** Ends of an interval, NaN where there is none. */
  record Interval(double low, double high) {
    static final Interval NONE = new Interval(Double.NaN, Double.NaN);

    /** This interval, wide enough to hold a value. */
    Interval holding(double value) {
      return new Interval(Math.min(low, value), Math.max(high, value));
    }
  }

  /** The interval of the median. */
  Interval ofMedian(DocumentGroups groups, long documents) {
    int[] present = groups.groups();
    if (!isPossible(documents, present.length)) {
      return Interval.NONE;
    }
    return interval(medians(groups, weights(present)), present.length);
  }

  /**
   * The interval of the median of b less that of a.
   *
   * @param paired whether both are of the same documents: then the same groups are drawn in both
   */
  Interval ofDifference(RatioState a, RatioState b, boolean paired) {
    int[] inA = a.groups.groups();
    int[] inB = b.groups.groups();
    if (!isPossible(Math.min(a.documents, b.documents), Math.min(inA.length, inB.length))) {
      return Interval.NONE;
    }
    boolean sameDraws = paired && Arrays.equals(inA, inB);
    int[][] weightsOfA = weights(inA);
    int[][] weightsOfB = sameDraws ? weightsOfA : new Bootstrap(resamples, ~seed).weights(inB);
    double[] difference = medians(b.groups, weightsOfB);
    double[] mediansOfA = medians(a.groups, weightsOfA);
    for (int i = 0; i < resamples; i++) {
      difference[i] -= mediansOfA[i];
    }
    return interval(difference, Math.min(inA.length, inB.length));
  }

  private boolean isPossible(long documents, int groups) {
    return resamples > 0 && documents >= MIN_DOCUMENTS && groups > 1;
  }

  /** (resamples, groups) how often each group is drawn. */
  private int[][] weights(int[] groups) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] weights = new int[resamples][groups.length];
    for (int[] resample : weights) {
      for (int draw = 0; draw < groups.length; draw++) {
        resample[random.nextInt(groups.length)]++;
      }
    }
    return weights;
  }

  /** The median of each resample. */
  private double[] medians(DocumentGroups groups, int[][] weights) {
    Range range = Range.of(groups.total());
    double[][] histograms = groups.histograms(range.first, range.bins);
    double[] medians = new double[weights.length];
    double[] resampled = new double[range.bins];
    for (int i = 0; i < medians.length; i++) {
      Arrays.fill(resampled, 0);
      for (int group = 0; group < histograms.length; group++) {
        addWeighted(resampled, histograms[group], weights[i][group]);
      }
      medians[i] = range.median(resampled);
    }
    return medians;
  }

  private static void addWeighted(double[] sum, double[] histogram, int weight) {
    if (weight > 0) {
      for (int bin = 0; bin < sum.length; bin++) {
        sum[bin] += weight * histogram[bin];
      }
    }
  }

  private Interval interval(double[] values, int groups) {
    Arrays.sort(values);
    double tail = tail(groups);
    return new Interval(percentile(values, tail), percentile(values, 1 - tail));
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

  /** The bins between the first and the last that are not empty. */
  private record Range(int first, int bins) {
    static Range of(long[] histogram) {
      int first = 0;
      while (first < histogram.length - 1 && histogram[first] == 0) {
        first++;
      }
      int last = histogram.length - 1;
      while (last > first && histogram[last] == 0) {
        last--;
      }
      return new Range(first, last - first + 1);
    }

    /** The median, ratios spread evenly over their bin. */
    double median(double[] counts) {
      double half = 0;
      for (double count : counts) {
        half += count / 2;
      }
      double below = 0;
      int bin = 0;
      while (bin < bins - 1 && below + counts[bin] < half) {
        below += counts[bin++];
      }
      double low = RatioBins.low(first + bin);
      double high = Math.min(RatioBins.high(first + bin), 2 * low); // the last bin has no end
      double share = counts[bin] == 0 ? 0 : (half - below) / counts[bin];
      return low + share * (Math.max(high, low) - low);
    }
  }
}
