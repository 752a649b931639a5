package io.radialnet.jobs.aggregate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/** What is known of the ratios of some tokens of the vocabulary. */
final class TokenStates extends StatesByToken<TokenState> {

  private static final long serialVersionUID = 1L;

  private final int pooledBlocks;

  TokenStates(PassPlan plan) {
    super(plan.blockCount());
    pooledBlocks = plan.pooledBlocks();
  }

  @Override
  TokenState merge(TokenState a, TokenState b) {
    return a.merge(b);
  }

  @Override
  public Serializable finished() {
    Map<Integer, TokenSummary> summaries = new HashMap<>();
    forEach((id, state) -> summaries.put(id, state.summary(pooledBlocks)));
    return new TokenSummaries(summaries);
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
