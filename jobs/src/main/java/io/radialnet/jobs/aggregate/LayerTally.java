package io.radialnet.jobs.aggregate;

import java.util.Arrays;
import java.util.function.BiConsumer;

/** Moments of pairs of layers of each block. Not thread-safe. */
final class LayerTally implements Tally {

  private static final int AT_ONCE = 4;

  private final PassPlan plan;
  private final LayerMoments[] moments;
  private final double[][] waiting = new double[AT_ONCE][]; // (AT_ONCE, L)

  LayerTally(PassPlan plan) {
    this.plan = plan;
    this.moments = new LayerMoments[plan.blockCount()];
    Arrays.setAll(waiting, i -> new double[plan.layers()]);
    begin();
  }

  private void begin() {
    Arrays.setAll(moments, block -> new LayerMoments(plan.layers()));
  }

  @Override
  public PassClock.Part part() {
    return PassClock.Part.LAYERS;
  }

  @Override
  public void add(WindowView view) {
    for (int block = 0; block < moments.length; block++) {
      add(moments[block], view, view.ratios(block));
    }
  }

  private void add(LayerMoments ofBlock, WindowView view, float[] ratios) {
    int count = 0;
    for (int i = 0; i < view.ordinaryCount(); i++) {
      int token = view.ordinary()[i];
      if (view.complete()[token]) {
        widen(ratios, token * plan.layers(), waiting[count++]);
        if (count == AT_ONCE) {
          ofBlock.add(waiting[0], waiting[1], waiting[2], waiting[3]);
          count = 0;
        }
      }
    }
    for (int i = 0; i < count; i++) {
      ofBlock.add(waiting[i]);
    }
  }

  private static void widen(float[] ratios, int from, double[] into) {
    for (int layer = 0; layer < into.length; layer++) {
      into[layer] = ratios[from + layer];
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
