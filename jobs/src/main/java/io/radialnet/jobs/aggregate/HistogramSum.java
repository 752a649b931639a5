package io.radialnet.jobs.aggregate;

import java.util.Arrays;

/**
 * A histogram over {@link RatioBins} that is summed up, written as {@link DocumentGroups} has it,
 * and begun again. Looks only at the bins between the first and the last that are not empty. Not
 * thread-safe.
 */
final class HistogramSum {

  private final long[] counts = new long[RatioBins.count()];
  private int first = counts.length;
  private int last = -1;

  /** Adds the bins {@code from} to {@code to} (inclusive) of counts that begin at an offset. */
  void add(int[] other, int offset, int from, int to) {
    for (int bin = from; bin <= to; bin++) {
      counts[bin] += other[offset + bin];
    }
    touched(from, to);
  }

  /** Adds a histogram that {@link #writeTo} wrote. */
  void add(Varints.Cursor in) {
    int filled = in.nextInt();
    int bin = -1;
    for (int i = 0; i < filled; i++) {
      bin += in.nextInt();
      counts[bin] += in.next();
      if (i == 0) {
        first = Math.min(first, bin);
      }
    }
    last = Math.max(last, bin);
  }

  /** Adds the counts of all bins. */
  void add(long[] other) {
    for (int bin = 0; bin < counts.length; bin++) {
      counts[bin] += other[bin];
    }
    touched(0, counts.length - 1);
  }

  private void touched(int from, int to) {
    if (from <= to) {
      first = Math.min(first, from);
      last = Math.max(last, to);
    }
  }

  /** Writes how many bins are not empty, and for each its distance and count; then begins again. */
  void writeTo(Varints.Writer out) {
    int filled = 0;
    for (int bin = first; bin <= last; bin++) {
      filled += counts[bin] > 0 ? 1 : 0;
    }
    out.write(filled);
    int before = -1;
    for (int bin = first; bin <= last; bin++) {
      if (counts[bin] > 0) {
        out.write(bin - before);
        out.write(counts[bin]);
        before = bin;
      }
    }
    clear();
  }

  /**
   * Copies the counts of the bins from {@code from} on, as many as there is room for; then begins
   * again.
   */
  void moveTo(double[] into, int from) {
    for (int bin = 0; bin < into.length; bin++) {
      into[bin] = counts[from + bin];
    }
    clear();
  }

  private void clear() {
    if (first <= last) {
      Arrays.fill(counts, first, last + 1, 0);
    }
    first = counts.length;
    last = -1;
  }

  /** Copies the counts. */
  long[] toArray() {
    return counts.clone();
  }
}
