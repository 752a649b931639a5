package io.radialnet.jobs.aggregate;

import java.util.Arrays;
import java.util.function.BiConsumer;

/** Moments of pairs of layers of each block. Not thread-safe. */
final class LayerTally implements Tally {

  private final PassPlan plan;
  private final LayerMoments[] moments;

  LayerTally(PassPlan plan) {
    this.plan = plan;
    this.moments = new LayerMoments[plan.blockCount()];
    begin();
  }

  private void begin() {
    Arrays.setAll(moments, block -> new LayerMoments(plan.layers()));
  }

  @Override
  public void add(WindowView view) {
    for (int block = 0; block < moments.length; block++) {
      float[] ratios = view.ratios(block); // (T, L)
      for (int i = 0; i < view.ordinaryCount(); i++) {
        int token = view.ordinary()[i];
        if (view.complete()[token]) {
          moments[block].add(ratios, token * plan.layers());
        }
      }
    }
  }

  @Override
  public void endDocument() {}

  @Override
  public long bytes() {
    return 8L * plan.blockCount() * plan.layers() * (plan.layers() + 1);
  }

  @Override
  public void flush(BiConsumer<StateKey, State> out) {
    for (int block = 0; block < moments.length; block++) {
      if (moments[block].tokens() > 0) {
        out.accept(StateKey.ofLayers(plan.run(), block), moments[block]);
      }
    }
    begin();
  }
}
