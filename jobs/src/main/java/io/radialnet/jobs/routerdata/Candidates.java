package io.radialnet.jobs.routerdata;

import io.radialnet.jobs.table.TokenWindow;
import java.io.Serializable;
import java.util.List;

/**
 * What can be drawn: every (token, layer, block) of a token that is not special. Blocks are counted
 * through: 2 * layer, and 1 more for mlp. Immutable; serialized to executors.
 *
 * @param seed of the sample
 * @param threshold a smaller ratio is labelled as one to skip
 */
record Candidates(long seed, double threshold) implements Serializable {

  /** The profile's columns, in the order in which a {@link TokenWindow} has them here. */
  static final List<String> MEASURES = List.of("attn_ratio", "mlp_ratio");

  /** Sees one candidate. */
  interface Visitor {
    /**
     * A candidate.
     *
     * @param token index in the window
     * @param block 2 * layer, and 1 more for mlp
     * @param hash 0 to {@link Hashes#MAX}
     */
    void visit(int token, int block, boolean label, long hash);
  }

  /** Hands over all of a window, token by token and then block by block. */
  void visit(TokenWindow window, Visitor visitor) {
    long windowHash = Hashes.ofWindow(seed, window.docId(), window.window());
    int layers = window.layers();
    float[] attn = window.measure(0); // (T, L)
    float[] mlp = window.measure(1); // (T, L)
    for (int token = 0; token < window.tokens(); token++) {
      if (window.special()[token]) {
        continue;
      }
      long tokenHash = Hashes.ofToken(windowHash, window.positions()[token]);
      for (int layer = 0; layer < layers; layer++) {
        int at = token * layers + layer;
        int block = 2 * layer;
        visitor.visit(token, block, isUnder(attn[at]), Hashes.ofExample(tokenHash, block));
        visitor.visit(token, block + 1, isUnder(mlp[at]), Hashes.ofExample(tokenHash, block + 1));
      }
    }
  }

  boolean isUnder(float ratio) {
    return ratio < threshold;
  }
}
