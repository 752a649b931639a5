package io.radialnet.router;

import java.util.List;

/**
 * The numbers of one router, as MLlib fitted them and as a file holds them. Arrays are neither
 * copied nor changed. I: features in, H: hidden units, K: knots of the calibration.
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public sealed interface RouterWeights {

  /**
   * A router of a block that is never, or always, under the threshold: nothing to learn from.
   *
   * @param probability that the block can be skipped, the same for every token, 0 to 1
   */
  record Constant(double probability) implements RouterWeights {
    public Constant {
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException("a probability is 0 to 1, not " + probability);
      }
    }
  }

  /**
   * A logistic regression: sigmoid(coefficients · z + intercept) of standardised features z.
   *
   * @param coefficients (I)
   */
  record Logistic(Around around, double[] coefficients, double intercept)
      implements RouterWeights {}

  /**
   * A perceptron of one hidden layer: softmax(outputWeights · sigmoid(hiddenWeights · z +
   * hiddenBiases) + outputBiases)[1] of standardised features z.
   *
   * @param hiddenWeights (H, I), row-major
   * @param hiddenBiases (H)
   * @param outputWeights (2, H), row-major
   * @param outputBiases (2)
   */
  record Perceptron(
      Around around,
      double[] hiddenWeights,
      double[] hiddenBiases,
      double[] outputWeights,
      double[] outputBiases)
      implements RouterWeights {}

  /**
   * What surrounds a classifier: the normalisation before it, calibration and thresholds after it.
   *
   * @param mean (I) of each feature
   * @param scale (I) what the features, less their mean, are divided by
   * @param knots (K) scores, ascending
   * @param calibrated (K) the probability at each knot, not descending; linear between knots and
   *     constant beyond them
   * @param thresholds one for each of the file's shares: from this calibrated probability on, a
   *     token skips the block
   */
  record Around(
      double[] mean, double[] scale, double[] knots, double[] calibrated, double[] thresholds) {

    public Around {
      if (mean.length != scale.length || knots.length != calibrated.length || knots.length == 0) {
        throw new IllegalArgumentException(
            List.of(mean.length, scale.length, knots.length, calibrated.length)
                + " numbers of mean, scale, knots, calibrated do not fit");
      }
    }

    /** I, how many features there are. */
    public int features() {
      return mean.length;
    }
  }
}
