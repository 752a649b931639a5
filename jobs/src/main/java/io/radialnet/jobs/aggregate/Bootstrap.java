package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.interval.Interval;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Intervals of medians by a bootstrap over documents, whose tokens are not independent of one
 * another: groups of documents are drawn with replacement, as many as there are, and the median of
 * the drawn groups' summed histograms is taken. What is drawn depends on the seed and on which
 * groups there are, not on how the data is split. Immutable, serialized by value.
 *
 * @param resamples how many times groups are drawn; 0: there are no intervals
 * @param seed of the draws
 */
record Bootstrap(int resamples, long seed) implements java.io.Serializable {

  /** Under so many documents there is no interval. */
  static final int MIN_DOCUMENTS = 20;

  /** The interval of the median. */
  Interval ofMedian(DocumentGroups groups, long documents) {
    int[] present = groups.groups();
    if (!isPossible(documents, present.length)) {
      return Interval.NONE;
    }
    return Interval.ofResamples(medians(groups, weights(present)), present.length);
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
    return Interval.ofResamples(difference, Math.min(inA.length, inB.length));
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
