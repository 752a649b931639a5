package io.radialnet.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/** Puts sequences of similar length together, so that little of a batch is padding. */
public final class Batches {

  /**
   * A batch is closed early when one more item would leave over this share of it padding, once it
   * is at least half full: below that, a small batch costs more than the padding.
   */
  private static final double MAX_PADDING = 0.05;

  private Batches() {}

  /**
   * Batches of items, longest first; equal lengths keep their order. The same items give the same
   * batches.
   *
   * @param length tokens of an item, at least 1
   * @param batchTokens the longest length times the count is at most this, unless one item alone is
   *     longer
   */
  public static <T> List<List<T>> ofSimilarLength(
      List<T> items, ToIntFunction<T> length, int batchTokens) {
    List<T> longestFirst = new ArrayList<>(items);
    longestFirst.sort(Comparator.comparingInt(length).reversed());
    List<List<T>> batches = new ArrayList<>();
    List<T> batch = new ArrayList<>();
    long tokens = 0;
    for (T item : longestFirst) {
      if (!batch.isEmpty()) {
        long padded = (long) length.applyAsInt(batch.get(0)) * (batch.size() + 1);
        long padding = padded - tokens - length.applyAsInt(item);
        boolean wasteful = padding > MAX_PADDING * padded && 2 * padded > batchTokens;
        if (padded > batchTokens || wasteful) {
          batches.add(batch);
          batch = new ArrayList<>();
          tokens = 0;
        }
      }
      batch.add(item);
      tokens += length.applyAsInt(item);
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }
}
