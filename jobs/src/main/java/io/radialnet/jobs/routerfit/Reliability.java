package io.radialnet.jobs.routerfit;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How far calibrated probabilities are from what turned out, weighted.
 *
 * @param bins those of 15 bins of equal width that have examples
 * @param brier mean square of probability less label
 */
record Reliability(List<Bin> bins, double brier) implements Serializable {

  /** How many bins 0 to 1 is divided into. */
  static final int BINS = 15;

  /**
   * The examples of one bin.
   *
   * @param index 0-based
   * @param probability mean of what was given
   * @param observed share that was skippable
   * @param share of all examples
   */
  record Bin(int index, double probability, double observed, double share, long examples)
      implements Serializable {

    double low() {
      return (double) index / BINS;
    }

    double high() {
      return (double) (index + 1) / BINS;
    }
  }

  /** Of one probability an observation. */
  static Reliability of(Observations observations, double[] probabilities) {
    double[] given = new double[BINS];
    double[] skippable = new double[BINS];
    double[] weights = new double[BINS];
    long[] examples = new long[BINS];
    double squares = 0;
    double all = 0;
    for (int i = 0; i < probabilities.length; i++) {
      double weight = observations.weights()[i];
      double label = observations.labels()[i] ? 1 : 0;
      int bin = Math.min(BINS - 1, (int) (probabilities[i] * BINS));
      given[bin] += weight * probabilities[i];
      skippable[bin] += weight * label;
      weights[bin] += weight;
      examples[bin]++;
      squares += weight * (probabilities[i] - label) * (probabilities[i] - label);
      all += weight;
    }
    List<Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      if (examples[bin] > 0) {
        bins.add(
            new Bin(
                bin,
                inBin(bin, given[bin] / weights[bin]),
                share(skippable[bin] / weights[bin]),
                share(weights[bin] / all),
                examples[bin]));
      }
    }
    return new Reliability(bins, share(squares / all));
  }

  /** Rounding may leave the bin. */
  private static double inBin(int bin, double probability) {
    return Math.max((double) bin / BINS, Math.min((bin + 1.0) / BINS, probability));
  }

  /** Rounding may exceed 1. */
  private static double share(double value) {
    return Math.min(1, value);
  }

  /** Mean distance of probability and share in the bins: the expected calibration error. */
  double calibrationError() {
    return share(
        bins.stream()
            .mapToDouble(bin -> bin.share() * Math.abs(bin.probability() - bin.observed()))
            .sum());
  }
}
