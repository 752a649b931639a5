package io.radialnet.jobs.aggregate;

/** What is known of the ratios of a range of positions, block and layer. */
final class PositionState implements State {

  private static final long serialVersionUID = 1L;

  /** Tokens at these positions. */
  long tokens;

  long observations;

  /** Ratios under 0.10. */
  long below10;

  double sum;
  Quantiles quantiles = new Quantiles();

  @Override
  public PositionState merge(State other) {
    PositionState that = (PositionState) other;
    tokens += that.tokens;
    return pool(that);
  }

  /** Adds the ratios that the same tokens have in another layer or block. */
  PositionState pool(PositionState that) {
    observations += that.observations;
    below10 += that.below10;
    sum += that.sum;
    quantiles.merge(that.quantiles);
    return this;
  }

  PositionState sameTokens() {
    PositionState state = new PositionState();
    state.tokens = tokens;
    return state;
  }
}
