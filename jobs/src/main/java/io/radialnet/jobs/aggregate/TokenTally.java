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

  // Of the tokens of the window at hand; null where a row is no token.
  private TokenState[] found = {};
  private Quantiles[] sketches = {};

  TokenTally(PassPlan plan) {
    this.plan = plan;
    this.states = new Tokens<>(() -> new TokenState(plan.blockCount()));
  }

  @Override
  public PassClock.Part part() {
    return PassClock.Part.TOKENS;
  }

  /**
   * Goes over the window once for each step towards a token's sketches, which are all over the
   * memory: so their loads do not wait for each other.
   */
  @Override
  public void add(WindowView view) {
    TokenWindow window = view.window();
    find(window);
    long documentHash = hash(window.docId());
    for (int token = 0; token < window.tokens(); token++) {
      TokenState state = found[token];
      if (state != null) {
        state.tokens++;
        state.special |= window.special()[token];
        long rank = Example.rank(documentHash, window.window(), window.positions()[token]);
        if (rank < state.lowestRank) {
          state.take(Example.of(rank, window, token));
        }
      }
    }
    for (int block = 0; block < plan.blockCount(); block++) {
      addRatios(view, block);
    }
  }

  private void find(TokenWindow window) {
    if (found.length < window.tokens()) {
      found = new TokenState[window.positions().length];
      sketches = new Quantiles[found.length];
    }
    for (int token = 0; token < window.tokens(); token++) {
      int id = window.tokenIds()[token];
      found[token] = id == TokenWindow.NO_TOKEN ? null : states.of(id);
    }
  }

  private static long hash(String docId) {
    byte[] bytes = docId.getBytes(StandardCharsets.UTF_8);
    return bytes.length == 0 ? 0 : MurmurHash3.hash(bytes, HASH_SEED)[0];
  }

  private void addRatios(WindowView view, int block) {
    int tokens = view.window().tokens();
    int layers = plan.layers();
    for (int token = 0; token < tokens; token++) {
      sketches[token] = found[token] == null ? null : found[token].quantiles[block];
    }
    for (int token = 0; token < tokens; token++) {
      if (sketches[token] != null && view.complete()[token]) {
        sketches[token].makeRoom(layers);
      }
    }
    float[] ratios = view.ratios(block); // (T, L)
    for (int token = 0; token < tokens; token++) {
      TokenState state = found[token];
      if (state != null && view.complete()[token]) {
        state.observations[block] += layers;
        state.sums[block] += view.layerSums(block)[token];
        sketches[token].add(ratios, token * layers, layers);
      } else if (state != null) {
        addUsable(state, block, ratios, token * layers);
      }
    }
  }

  private void addUsable(TokenState state, int block, float[] ratios, int from) {
    for (int i = from; i < from + plan.layers(); i++) {
      if (RatioBins.isUsable(ratios[i])) {
        state.observations[block]++;
        state.sums[block] += ratios[i];
        state.quantiles[block].add(ratios[i]);
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
        () -> new TokenStates(plan),
        (bucket, some) -> out.accept(StateKey.ofTokens(plan.run(), bucket), some));
  }
}
