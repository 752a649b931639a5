package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.TokenWindow;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import org.apache.datasketches.hash.MurmurHash3;

/** Ratios by token of the vocabulary, with an occurrence of each. Not thread-safe. */
final class TokenTally implements Tally {

  private static final long HASH_SEED = 0x6578_616d_706cL;

  private final PassPlan plan;
  private final Tokens<TokenState> states;

  TokenTally(PassPlan plan) {
    this.plan = plan;
    this.states = new Tokens<>(() -> new TokenState(plan.blockCount()));
  }

  @Override
  public void add(WindowView view) {
    TokenWindow window = view.window();
    long documentHash = hash(window.docId());
    for (int token = 0; token < window.tokens(); token++) {
      int id = window.tokenIds()[token];
      if (id != TokenWindow.NO_TOKEN) {
        TokenState state = states.of(id);
        state.tokens++;
        state.special |= window.special()[token];
        addRatios(state, view, token);
        long rank = Example.rank(documentHash, window.window(), window.positions()[token]);
        if (rank < state.example.rank()) {
          state.example = Example.of(rank, window, token);
        }
      }
    }
  }

  private static long hash(String docId) {
    byte[] bytes = docId.getBytes(StandardCharsets.UTF_8);
    return bytes.length == 0 ? 0 : MurmurHash3.hash(bytes, HASH_SEED)[0];
  }

  private void addRatios(TokenState state, WindowView view, int token) {
    int layers = plan.layers();
    for (int block = 0; block < plan.blockCount(); block++) {
      float[] ratios = view.ratios(block); // (T, L)
      if (view.complete()[token]) {
        state.observations[block] += layers;
        state.sums[block] += view.layerSums(block)[token];
        state.quantiles[block].add(ratios, token * layers, layers);
      } else {
        for (int i = token * layers; i < (token + 1) * layers; i++) {
          if (RatioBins.isUsable(ratios[i])) {
            state.observations[block]++;
            state.sums[block] += ratios[i];
            state.quantiles[block].add(ratios[i]);
          }
        }
      }
    }
  }

  @Override
  public void endDocument() {}

  @Override
  public long bytes() {
    long[] bytes = {0};
    states.forEach((id, state) -> bytes[0] += state.bytes());
    return bytes[0];
  }

  @Override
  public void flush(BiConsumer<StateKey, State> out) {
    states.flush(
        () -> new TokenStates(plan.blockCount()),
        (bucket, some) -> out.accept(StateKey.ofTokens(plan.run(), bucket), some));
  }
}
