package io.radialnet.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Puts sequences of similar length together: those of equal length then share one call of
 * attention.
 */
public final class Batches {

  private Batches() {}

  /**
   * Batches of items, longest first; equal lengths keep their order. The same items give the same
   * batches.
   *
   * @param length tokens of an item, at least 1
   * @param batchTokens tokens of a batch at most, unless one item alone is longer
   */
  public static <T> List<List<T>> ofSimilarLength(
      List<T> items, ToIntFunction<T> length, int batchTokens) {
    List<T> longestFirst = new ArrayList<>(items);
    longestFirst.sort(Comparator.comparingInt(length).reversed());
    List<List<T>> batches = new ArrayList<>();
    List<T> batch = new ArrayList<>();
    long tokens = 0;
    for (T item : longestFirst) {
      if (!batch.isEmpty() && tokens + length.applyAsInt(item) > batchTokens) {
        batches.add(batch);
        batch = new ArrayList<>();
        tokens = 0;
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
