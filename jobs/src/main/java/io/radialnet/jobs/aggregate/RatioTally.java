package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.TokenWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Ratios by slice and by position, by block and layer. A ratio of an ordinary token goes once into
 * the sketch of its position and once into that of each of its document's slices; the sketch of
 * 'all' is the positions' merged. Not thread-safe.
 */
final class RatioTally implements Tally {

  private static final int TEN_PERCENT = LayerSparsityTable.THRESHOLDS.indexOf(0.10);
  private static final float UNDER_TEN_PERCENT =
      RatioBins.low(RatioBins.endBelow(TEN_PERCENT)); // the smallest ratio that is not

  private final PassPlan plan;
  private final PassClock clock;
  private SliceTally all;
  private SliceTally special;
  private SliceTally first;
  private Map<String, SliceTally> byValue = new TreeMap<>();
  private PositionState[][] positions = new PositionState[PositionBins.COUNT][];

  // Of the document at hand.
  private final DocumentHistogram ordinaryHistogram;
  private final DocumentHistogram specialHistogram;
  private final DocumentHistogram firstHistogram;
  private final List<SliceTally> documentSlices = new ArrayList<>();
  private final RatioSums[] document;
  private String docId;
  private long ordinaryTokens;
  private long specialTokens;
  private long firstTokens;

  // Of the block at hand, layer by layer.
  private float[] columns = {}; // (L, ordinary tokens), usable ratios first in each position bin
  private final int[] usable; // (L, position bins)

  RatioTally(PassPlan plan, PassClock clock) {
    this.plan = plan;
    this.clock = clock;
    this.usable = new int[plan.layers() * PositionBins.COUNT];
    this.ordinaryHistogram = new DocumentHistogram(plan.cells());
    this.specialHistogram = new DocumentHistogram(plan.cells());
    this.firstHistogram = new DocumentHistogram(plan.cells());
    this.document = new RatioSums[plan.cells()];
    Arrays.setAll(document, cell -> new RatioSums());
    begin();
    beginDocument();
  }

  private void begin() {
    all = new SliceTally(plan);
    special = new SliceTally(plan);
    first = new SliceTally(plan);
    byValue = new TreeMap<>();
    positions = new PositionState[PositionBins.COUNT][];
  }

  private void beginDocument() {
    docId = null;
    ordinaryTokens = 0;
    specialTokens = 0;
    firstTokens = 0;
    for (RatioSums sums : document) {
      sums.clear();
    }
  }

  @Override
  public PassClock.Part part() {
    return PassClock.Part.SKETCHES;
  }

  @Override
  public void add(WindowView view) {
    TokenWindow window = view.window();
    if (docId == null) {
      docId = window.docId();
      findSlices(window);
    }
    if (view.ordinaryCount() > 0) {
      ordinaryTokens += view.ordinaryCount();
      addOrdinary(view);
    }
    for (int token = 0; token < window.tokens(); token++) {
      if (window.special()[token]) {
        specialTokens++;
        addOne(view, token, special, specialHistogram);
      }
      if (window.positions()[token] == 0) {
        firstTokens++;
        addOne(view, token, first, firstHistogram);
      }
    }
  }

  private void findSlices(TokenWindow window) {
    documentSlices.clear();
    for (int i = 0; i < plan.sliceBy().size(); i++) {
      String value = window.kept(i);
      String column = plan.sliceBy().get(i);
      String slice = value == null ? column + " is null" : column + "=" + value;
      documentSlices.add(byValue.computeIfAbsent(slice, name -> new SliceTally(plan)));
    }
  }

  private void addOrdinary(WindowView view) {
    int[] ends = positionEnds(view);
    for (int block = 0; block < plan.blockCount(); block++) {
      gather(view, view.ratios(block));
      for (int layer = 0; layer < plan.layers(); layer++) {
        addSums(view, ends, block, layer);
      }
      if (plan.hasCosine()) {
        addCosines(view, block);
      }
      clock.lap(PassClock.Part.SUMS);
      for (int layer = 0; layer < plan.layers(); layer++) {
        addToSketches(view, ends, block, layer);
      }
      clock.lap(PassClock.Part.SKETCHES);
    }
  }

  /** By position bin the end (exclusive) of its ordinary tokens; positions ascend in a window. */
  private int[] positionEnds(WindowView view) {
    int[] ends = new int[PositionBins.COUNT];
    int[] inWindow = view.window().positions();
    for (int i = 0; i < view.ordinaryCount(); i++) {
      ends[PositionBins.of(inWindow[view.ordinary()[i]])] = i + 1;
    }
    for (int bin = 1; bin < ends.length; bin++) {
      ends[bin] = Math.max(ends[bin], ends[bin - 1]);
    }
    return ends;
  }

  /** Puts each layer's ratios of the ordinary tokens side by side. */
  private void gather(WindowView view, float[] ratios) {
    int count = view.ordinaryCount();
    int layers = plan.layers();
    if (columns.length < layers * count) {
      columns = new float[layers * view.ordinary().length];
    }
    int[] ordinary = view.ordinary();
    for (int layer = 0; layer < layers; layer++) {
      int column = layer * count;
      for (int i = 0; i < count; i++) {
        columns[column + i] = ratios[ordinary[i] * layers + layer];
      }
    }
  }

  private void addSums(WindowView view, int[] ends, int block, int layer) {
    int column = layer * view.ordinaryCount();
    int from = 0;
    for (int bin = 0; bin < ends.length && from < view.ordinaryCount(); bin++) {
      if (ends[bin] > from) {
        usable[layer * PositionBins.COUNT + bin] =
            addSums(bin, plan.cell(block, layer), column + from, column + ends[bin]);
        from = ends[bin];
      }
    }
  }

  /**
   * Adds a cell's ratios at positions of one bin, which are columns[from] to columns[to - 1]. Those
   * that are usable then come first.
   *
   * @return how many these are
   */
  private int addSums(int bin, int cell, int from, int to) {
    int[] counts = ordinaryHistogram.counts();
    int offset = DocumentHistogram.offset(cell);
    int firstBin = RatioBins.count();
    int lastBin = -1;
    int end = from;
    int below = 0;
    double sum = 0;
    double sumOfSquares = 0;
    for (int i = from; i < to; i++) {
      float ratio = columns[i];
      if (RatioBins.isUsable(ratio)) {
        int ratioBin = RatioBins.of(ratio);
        counts[offset + ratioBin]++;
        firstBin = Math.min(firstBin, ratioBin);
        lastBin = Math.max(lastBin, ratioBin);
        sum += ratio;
        sumOfSquares += (double) ratio * ratio;
        below += ratio < UNDER_TEN_PERCENT ? 1 : 0;
        columns[end++] = ratio;
      }
    }
    ordinaryHistogram.touched(cell, firstBin, lastBin);
    RatioSums sums = document[cell];
    sums.ratios += sum;
    sums.squaredRatios += sumOfSquares;
    sums.unusable += to - end;

    PositionState position = position(bin)[cell];
    position.tokens += to - from;
    position.observations += end - from;
    position.below10 += below;
    position.sum += sum;
    return end - from;
  }

  private void addToSketches(WindowView view, int[] ends, int block, int layer) {
    int cell = plan.cell(block, layer);
    int column = layer * view.ordinaryCount();
    int from = 0;
    for (int bin = 0; bin < ends.length && from < view.ordinaryCount(); bin++) {
      if (ends[bin] > from) {
        int count = usable[layer * PositionBins.COUNT + bin];
        position(bin)[cell].quantiles.add(columns, column + from, count);
        for (SliceTally slice : documentSlices) {
          slice.state(cell).quantiles.add(columns, column + from, count);
        }
        from = ends[bin];
      }
    }
  }

  private PositionState[] position(int bin) {
    if (positions[bin] == null) {
      positions[bin] = new PositionState[plan.cells()];
      Arrays.setAll(positions[bin], cell -> new PositionState());
    }
    return positions[bin];
  }

  private void addCosines(WindowView view, int block) {
    float[] cosines = view.cosines(block); // (T, L)
    int layers = plan.layers();
    for (int i = 0; i < view.ordinaryCount(); i++) {
      int at = view.ordinary()[i] * layers;
      for (int layer = 0; layer < layers; layer++) {
        document[plan.cell(block, layer)].addCosine(cosines[at + layer]);
      }
    }
  }

  /** Adds all ratios of one token to a slice of few tokens. */
  private void addOne(WindowView view, int token, SliceTally slice, DocumentHistogram histogram) {
    for (int block = 0; block < plan.blockCount(); block++) {
      for (int layer = 0; layer < plan.layers(); layer++) {
        int cell = plan.cell(block, layer);
        int at = token * plan.layers() + layer;
        float ratio = view.ratios(block)[at];
        RatioState state = slice.state(cell);
        if (RatioBins.isUsable(ratio)) {
          state.sums.addRatio(ratio);
          state.quantiles.add(ratio);
          histogram.add(cell, ratio);
        } else {
          state.sums.unusable++;
        }
        if (plan.hasCosine()) {
          state.sums.addCosine(view.cosines(block)[at]);
        }
      }
    }
  }

  @Override
  public void endDocument() {
    int group = DocumentGroups.groupOf(docId);
    if (ordinaryTokens > 0) {
      endOrdinary(all, group);
      documentSlices.forEach(slice -> endOrdinary(slice, group));
    }
    if (specialTokens > 0) {
      special.endDocument(group, specialTokens, specialHistogram);
    }
    if (firstTokens > 0) {
      first.endDocument(group, firstTokens, firstHistogram);
    }
    ordinaryHistogram.clear();
    specialHistogram.clear();
    firstHistogram.clear();
    beginDocument();
  }

  private void endOrdinary(SliceTally slice, int group) {
    for (int cell = 0; cell < document.length; cell++) {
      slice.state(cell).sums.add(document[cell]);
    }
    slice.endDocument(group, ordinaryTokens, ordinaryHistogram);
  }

  @Override
  public long bytes() {
    long bytes = all.bytes() + special.bytes() + first.bytes();
    for (SliceTally slice : byValue.values()) {
      bytes += slice.bytes();
    }
    for (PositionState[] cells : positions) {
      if (cells != null) {
        for (PositionState cell : cells) {
          bytes += 80 + cell.quantiles.bytes();
        }
      }
    }
    return bytes;
  }

  @Override
  public void flush(BiConsumer<StateKey, State> out) {
    for (PositionState[] cells : positions) {
      for (int cell = 0; cells != null && cell < cells.length; cell++) {
        all.state(cell).quantiles.merge(cells[cell].quantiles);
      }
    }
    for (int bin = 0; bin < positions.length; bin++) {
      for (int cell = 0; positions[bin] != null && cell < plan.cells(); cell++) {
        int block = cell / plan.layers();
        int layer = cell % plan.layers();
        out.accept(StateKey.ofPosition(plan.run(), bin, block, layer), positions[bin][cell]);
      }
    }
    flush(LayerSparsityTable.ALL_TOKENS, all, out);
    flush(LayerSparsityTable.SPECIAL_TOKENS, special, out);
    flush(LayerSparsityTable.FIRST_TOKENS, first, out);
    byValue.forEach((slice, tally) -> flush(slice, tally, out));
    begin();
  }

  private static void flush(String name, SliceTally slice, BiConsumer<StateKey, State> out) {
    if (slice.state(0).tokens > 0) {
      slice.flush(name, out);
    }
  }
}
