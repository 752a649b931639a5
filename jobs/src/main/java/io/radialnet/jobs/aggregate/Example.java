package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.TokenWindow;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;

/**
 * An occurrence of a token among those around it, by their ids. Which occurrence stands for a token
 * depends on its rank alone, a hash of its place, so that it does not depend on how the data is
 * split.
 *
 * @param rank the lowest one of a token is kept
 * @param ids the tokens before it, itself and those after it
 * @param at its index among them
 */
@SuppressWarnings("ArrayRecordComponent") // many are held at once
record Example(long rank, int[] ids, int at) implements Serializable {

  /** Before any occurrence was seen. */
  static final Example NONE = new Example(Long.MAX_VALUE, new int[0], 0);

  /** How many tokens are kept on either side. */
  private static final int AROUND = 8;

  /** The rank of a token at a place; never that of {@link #NONE}. */
  static long rank(long documentHash, int window, int position) {
    long hash = documentHash + 0x9E37_79B9_7F4A_7C15L * (((long) window << 32) + position + 1);
    hash = (hash ^ (hash >>> 30)) * 0xBF58_476D_1CE4_E5B9L; // the finish of SplitMix64
    hash = (hash ^ (hash >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return (hash ^ (hash >>> 31)) >>> 1;
  }

  static Example of(long rank, TokenWindow window, int token) {
    int from = Math.max(0, token - AROUND);
    int to = Math.min(window.tokens(), token + AROUND + 1);
    return new Example(rank, Arrays.copyOfRange(window.tokenIds(), from, to), token - from);
  }

  /** Writes what {@link #read} reads. */
  void write(DataOutput out) throws IOException {
    out.writeLong(rank);
    out.writeInt(at);
    out.writeInt(ids.length);
    for (int id : ids) {
      out.writeInt(id);
    }
  }

  static Example read(DataInput in) throws IOException {
    long rank = in.readLong();
    int at = in.readInt();
    int[] ids = new int[in.readInt()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = in.readInt();
    }
    return new Example(rank, ids, at);
  }
}
