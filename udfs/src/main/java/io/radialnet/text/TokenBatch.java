package io.radialnet.text;

import java.util.Arrays;
import java.util.List;

/**
 * Sequences side by side, padded on the right.
 *
 * @param ids (B, T) row by row
 * @param rows B
 * @param columns T, the longest sequence
 * @param lengths (B), real tokens of each row
 */
@SuppressWarnings("ArrayRecordComponent") // On its way to native memory: never compared.
public record TokenBatch(long[] ids, int rows, int columns, int[] lengths) {

  /**
   * Lays sequences side by side.
   *
   * @param sequences token ids, at least one sequence of at least one token
   * @param paddingId stands behind the end of shorter sequences
   */
  public static TokenBatch of(List<int[]> sequences, int paddingId) {
    int columns = sequences.stream().mapToInt(s -> s.length).max().orElse(0);
    if (columns == 0) {
      throw new IllegalArgumentException("a batch has at least one token");
    }
    long[] ids = new long[sequences.size() * columns];
    Arrays.fill(ids, paddingId);
    int[] lengths = new int[sequences.size()];
    for (int row = 0; row < lengths.length; row++) {
      int[] sequence = sequences.get(row);
      lengths[row] = sequence.length;
      for (int t = 0; t < sequence.length; t++) {
        ids[row * columns + t] = sequence[t];
      }
    }
    return new TokenBatch(ids, lengths.length, columns, lengths);
  }
}
