package io.radialnet.jobs.aggregate;

import java.util.Arrays;

/**
 * The histograms of one document's ratios, one a block and layer, over {@link RatioBins}. Filled
 * for one document after the other. Not thread-safe.
 */
final class DocumentHistogram {

  private final int cells;
  private final int[] counts; // (cells, bins)
  private final int[] firstBin;
  private final int[] lastBin;
  private final HistogramSum sum = new HistogramSum();

  DocumentHistogram(int cells) {
    this.cells = cells;
    this.counts = new int[Math.multiplyExact(cells, RatioBins.count())];
    this.firstBin = new int[cells];
    this.lastBin = new int[cells];
    clear();
  }

  /** Where a cell's counts begin in {@link #counts}. */
  static int offset(int cell) {
    return cell * RatioBins.count();
  }

  /** To be counted up at {@link #offset} plus the bin, telling {@link #touched}. */
  int[] counts() {
    return counts;
  }

  /** Tells which bins of a cell were counted up. */
  void touched(int cell, int first, int last) {
    firstBin[cell] = Math.min(firstBin[cell], first);
    lastBin[cell] = Math.max(lastBin[cell], last);
  }

  void add(int cell, float ratio) {
    int bin = RatioBins.of(ratio);
    counts[offset(cell) + bin]++;
    touched(cell, bin, bin);
  }

  /**
   * The histograms of all cells, one after the other, with those of earlier documents added.
   *
   * @param earlier as this returned them, or null
   */
  byte[] encoded(byte[] earlier) {
    Varints.Writer out = new Varints.Writer();
    Varints.Cursor before = earlier == null ? null : new Varints.Cursor(earlier);
    for (int cell = 0; cell < cells; cell++) {
      if (before != null) {
        sum.add(before);
      }
      sum.add(counts, offset(cell), firstBin[cell], lastBin[cell]);
      sum.writeTo(out);
    }
    return out.toBytes();
  }

  void clear() {
    for (int cell = 0; cell < cells; cell++) {
      if (firstBin[cell] <= lastBin[cell]) {
        Arrays.fill(counts, offset(cell) + firstBin[cell], offset(cell) + lastBin[cell] + 1, 0);
      }
      firstBin[cell] = RatioBins.count();
      lastBin[cell] = -1;
    }
  }
}
