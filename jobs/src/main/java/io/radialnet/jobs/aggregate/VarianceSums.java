package io.radialnet.jobs.aggregate;

/**
 * Sums for {@link VarianceComponents} over documents and positions. A token's value in a block is
 * its mean ratio over layers; n_d is the number of tokens of document d, n_dv of those of type v,
 * n_dp of those at positions p. Over tokens that are not special and all of whose ratios are
 * usable.
 */
final class VarianceSums implements State {

  private static final long serialVersionUID = 1L;

  long tokens;

  /** Documents with a token. */
  long documents;

  /** Sum over documents of n_d squared. */
  double squaredInDocuments;

  /** Sum over documents of (sum over types of n_dv squared) / n_d. */
  double typesInDocuments;

  /** Sum over documents of (sum over positions of n_dp squared) / n_d. */
  double positionsInDocuments;

  /** By position bin the tokens there. */
  final long[] atPosition = new long[PositionBins.COUNT];

  /** By position bin the sum over documents of n_dp squared. */
  final double[] squaredAtPosition = new double[PositionBins.COUNT];

  /** By block the sum of values. */
  final double[] sums;

  /** By block the sum over documents of (sum of values) squared / n_d. */
  final double[] ofDocuments;

  /** By block and position bin the sum of values. */
  final double[][] sumsAtPosition;

  VarianceSums(int blocks) {
    sums = new double[blocks];
    ofDocuments = new double[blocks];
    sumsAtPosition = new double[blocks][PositionBins.COUNT];
  }

  @Override
  public VarianceSums merge(State other) {
    VarianceSums that = (VarianceSums) other;
    tokens += that.tokens;
    documents += that.documents;
    squaredInDocuments += that.squaredInDocuments;
    typesInDocuments += that.typesInDocuments;
    positionsInDocuments += that.positionsInDocuments;
    add(squaredAtPosition, that.squaredAtPosition);
    add(sums, that.sums);
    add(ofDocuments, that.ofDocuments);
    for (int bin = 0; bin < atPosition.length; bin++) {
      atPosition[bin] += that.atPosition[bin];
    }
    for (int block = 0; block < sums.length; block++) {
      add(sumsAtPosition[block], that.sumsAtPosition[block]);
    }
    return this;
  }

  private static void add(double[] sum, double[] terms) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += terms[i];
    }
  }
}
