package io.radialnet.transformer;

import ai.djl.ndarray.NDArray;
import io.radialnet.tensor.Scope;
import java.util.List;

/**
 * The sequences of a batch, laid end to end without padding: N tokens in all. Attention keeps to
 * each sequence; everything else sees tokens only. The arrays belong to the scope they were created
 * in.
 *
 * @param ids int64 (N)
 * @param positions int64 (N), 0-based in each sequence
 * @param runs [count, length, count, length, …]: so many sequences of that length follow each other
 */
@SuppressWarnings("ArrayRecordComponent") // An argument of kernels: never compared.
public record Sequences(NDArray ids, NDArray positions, long[] runs) {

  /**
   * Lays sequences end to end. Neighbours of equal length are run together.
   *
   * @param sequences token ids, at least one sequence, each of at least one token
   */
  public static Sequences of(List<int[]> sequences, Scope scope) {
    int tokens = sequences.stream().mapToInt(sequence -> sequence.length).sum(); // N
    long[] ids = new long[tokens];
    long[] positions = new long[tokens];
    int at = 0;
    for (int[] sequence : sequences) {
      if (sequence.length == 0) {
        throw new IllegalArgumentException("a sequence has at least one token");
      }
      for (int t = 0; t < sequence.length; t++, at++) {
        ids[at] = sequence[t];
        positions[at] = t;
      }
    }
    return new Sequences(
        scope.manager().create(ids), scope.manager().create(positions), runs(sequences));
  }

  private static long[] runs(List<int[]> sequences) {
    long[] runs = new long[2 * sequences.size()];
    int used = 0;
    for (int[] sequence : sequences) {
      if (used > 0 && runs[used - 1] == sequence.length) {
        runs[used - 2]++;
      } else {
        runs[used++] = 1;
        runs[used++] = sequence.length;
      }
    }
    return java.util.Arrays.copyOf(runs, used);
  }

  /** N. */
  public long tokens() {
    return ids.size();
  }
}
