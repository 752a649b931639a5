package io.radialnet.jobs.aggregate;

import java.util.function.BiConsumer;

/**
 * The ratios of one slice, by block and layer, over the documents of a shard. Not thread-safe; the
 * {@link RatioTally} that owns it fills it.
 */
final class SliceTally {

  private final PassPlan plan;
  private final RatioState[] states;
  private final byte[][] groups;
  private long groupBytes;

  SliceTally(PassPlan plan) {
    this.plan = plan;
    this.states = new RatioState[plan.cells()];
    for (int cell = 0; cell < states.length; cell++) {
      states[cell] = new RatioState();
    }
    this.groups = new byte[DocumentGroups.MAX_GROUPS][];
  }

  /** The state of a block and layer. */
  RatioState state(int cell) {
    return states[cell];
  }

  /** Counts a document with so many tokens in the slice. */
  void endDocument(int group, long tokens, DocumentHistogram histogram) {
    for (RatioState state : states) {
      state.tokens += tokens;
      state.documents++;
    }
    groupBytes -= groups[group] == null ? 0 : groups[group].length;
    groups[group] = histogram.encoded(groups[group]);
    groupBytes += groups[group].length;
  }

  long bytes() {
    long bytes = groupBytes;
    for (RatioState state : states) {
      bytes += 100 + state.quantiles.bytes();
    }
    return bytes;
  }

  void flush(String slice, BiConsumer<StateKey, State> out) {
    DocumentGroups[] byCell = groupsByCell();
    for (int block = 0; block < plan.blockCount(); block++) {
      for (int layer = 0; layer < plan.layers(); layer++) {
        int cell = plan.cell(block, layer);
        states[cell].groups = byCell[cell];
        out.accept(StateKey.ofSlice(plan.run(), slice, block, layer), states[cell]);
      }
    }
  }

  /** From all cells of each group to all groups of each cell. */
  private DocumentGroups[] groupsByCell() {
    DocumentGroups.Builder[] builders = new DocumentGroups.Builder[states.length];
    for (int cell = 0; cell < builders.length; cell++) {
      builders[cell] = new DocumentGroups.Builder();
    }
    for (int group = 0; group < groups.length; group++) {
      if (groups[group] != null) {
        Varints.Cursor cursor = new Varints.Cursor(groups[group]);
        for (DocumentGroups.Builder builder : builders) {
          int from = cursor.position();
          int filled = cursor.nextInt();
          for (int i = 0; i < 2 * filled; i++) {
            cursor.next();
          }
          if (filled > 0) {
            builder.add(group, groups[group], from, cursor.position());
          }
        }
      }
    }
    DocumentGroups[] byCell = new DocumentGroups[builders.length];
    for (int cell = 0; cell < byCell.length; cell++) {
      byCell[cell] = builders[cell].build();
    }
    return byCell;
  }
}
