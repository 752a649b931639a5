package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.TokenWindow;
import java.util.Arrays;

/**
 * A window of T tokens and what several tallies want to know of it. Filled again for every window;
 * arrays may be longer than needed. Not thread-safe.
 */
final class WindowView {

  private final PassPlan plan;
  private TokenWindow window;
  private int[] ordinary = {};
  private int ordinaryCount;
  private boolean[] complete = {};
  private final double[][] layerSums;

  WindowView(PassPlan plan) {
    this.plan = plan;
    this.layerSums = new double[plan.blockCount()][0];
  }

  void show(TokenWindow newWindow) {
    window = newWindow;
    int tokens = window.tokens();
    if (ordinary.length < tokens) {
      int capacity = window.positions().length;
      ordinary = new int[capacity];
      complete = new boolean[capacity];
      Arrays.setAll(layerSums, block -> new double[capacity]);
    }
    ordinaryCount = 0;
    for (int token = 0; token < tokens; token++) {
      if (!window.special()[token]) {
        ordinary[ordinaryCount++] = token;
      }
    }
    Arrays.fill(complete, 0, tokens, true);
    for (int block = 0; block < plan.blockCount(); block++) {
      sumLayers(block);
    }
  }

  private void sumLayers(int block) {
    float[] ratios = window.measure(block); // (T, L)
    int layers = plan.layers();
    for (int token = 0; token < window.tokens(); token++) {
      double sum = 0;
      boolean usable = true;
      int end = (token + 1) * layers;
      for (int i = token * layers; i < end; i++) {
        sum += ratios[i];
        usable &= RatioBins.isUsable(ratios[i]);
      }
      layerSums[block][token] = sum;
      complete[token] &= usable;
    }
  }

  TokenWindow window() {
    return window;
  }

  /** (T, L) ratios of a block. */
  float[] ratios(int block) {
    return window.measure(block);
  }

  /** (T, L) cosines of a block. */
  float[] cosines(int block) {
    return window.measure(plan.blockCount() + block);
  }

  /** The tokens that are not special, ascending: {@link #ordinaryCount} of them. */
  int[] ordinary() {
    return ordinary;
  }

  int ordinaryCount() {
    return ordinaryCount;
  }

  /** (T) whether all ratios of the token are usable. */
  boolean[] complete() {
    return complete;
  }

  /** (T) sum over layers of a token's ratios in a block; of meaning where complete. */
  double[] layerSums(int block) {
    return layerSums[block];
  }
}
