package io.radialnet.jobs.aggregate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What is known of the ratios of some tokens of the vocabulary. */
final class TokenStates extends StatesByToken<TokenState> {

  private static final long serialVersionUID = 1L;

  TokenStates(int blocks) {
    super(blocks);
  }

  @Override
  TokenState merge(TokenState a, TokenState b) {
    return a.merge(b);
  }

  @Override
  void write(TokenState state, DataOutput out) throws IOException {
    state.write(out);
  }

  @Override
  TokenState read(DataInput in) throws IOException {
    TokenState state = new TokenState(blocks());
    state.read(in);
    return state;
  }
}
