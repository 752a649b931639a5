package io.radialnet.jobs.aggregate;

/**
 * What is known of the ratios of a slice, block and layer, or of several layers or blocks pooled.
 * How many there are and how many lie under thresholds is in the histograms.
 */
final class RatioState implements State {

  private static final long serialVersionUID = 1L;

  /** Tokens of the slice. */
  long tokens;

  /** Documents with a token in the slice. */
  long documents;

  final RatioSums sums = new RatioSums();
  Quantiles quantiles = new Quantiles();
  DocumentGroups groups = DocumentGroups.none();

  @Override
  public RatioState merge(State other) {
    RatioState that = (RatioState) other;
    tokens += that.tokens;
    documents += that.documents;
    return pool(that);
  }

  /** Adds the ratios that the same tokens have in another layer or block. */
  RatioState pool(RatioState that) {
    sums.add(that.sums);
    quantiles.merge(that.quantiles);
    groups = groups.merge(that.groups);
    return this;
  }

  /** A new state of the same tokens without any ratios, to pool into. */
  RatioState sameTokens() {
    RatioState state = new RatioState();
    state.tokens = tokens;
    state.documents = documents;
    return state;
  }
}
