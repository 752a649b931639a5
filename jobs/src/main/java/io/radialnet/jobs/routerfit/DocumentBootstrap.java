package io.radialnet.jobs.routerfit;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * A bootstrap over documents, whose tokens are not independent of one another: groups of documents
 * are drawn with replacement, as many as there are. {@link
 * io.radialnet.jobs.interval.Interval#ofResamples} makes intervals of its figures. Immutable,
 * serialized by value.
 *
 * @param resamples how many times groups are drawn; 0: there are no intervals
 * @param seed of the draws
 */
record DocumentBootstrap(int resamples, long seed) implements Serializable {

  /** Under so many documents there is no interval. */
  static final int MIN_DOCUMENTS = 10;

  /** The most groups; documents beyond are drawn together with others. */
  static final int MAX_GROUPS = 1024;

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
}
