package io.radialnet.jobs.table;

import java.io.IOException;

/**
 * A pattern that levels of a Parquet page repeat, and whether they do: eight levels are compared at
 * a time as they are packed, for decoding each would cost more than reading its value. Immutable.
 */
final class LevelPattern {

  private static final int GROUP = 8; // levels that are packed together

  private final int bits;
  private final long[] groups; // by place in the pattern: eight levels from there on, packed

  /**
   * A pattern.
   *
   * @param bits of a level, at most 8
   * @param levels those that are repeated
   */
  LevelPattern(int bits, int... levels) {
    this.bits = bits;
    this.groups = new long[levels.length];
    for (int place = 0; place < groups.length; place++) {
      for (int i = 0; i < GROUP; i++) {
        groups[place] |= (long) levels[(place + i) % levels.length] << (i * bits);
      }
    }
  }

  /**
   * Whether levels repeat the pattern.
   *
   * @param encoded as Parquet's hybrid of runs and packed groups
   * @param count of levels
   * @param place of the first in the pattern
   * @throws IOException when there are fewer
   */
  boolean isRepeatedBy(byte[] encoded, int count, int place) throws IOException {
    Bytes bytes = new Bytes(encoded);
    int seen = 0;
    while (seen < count) {
      int header = bytes.varint();
      int length = header >>> 1;
      boolean repeated;
      if ((header & 1) == 0) {
        length = Math.min(length, count - seen);
        repeated = isRepeatedByRun((int) bytes.littleEndian((bits + 7) / 8), length, place + seen);
      } else {
        length = (int) Math.min((long) GROUP * length, count - seen);
        repeated = isRepeatedByGroups(bytes, length, place + seen);
      }
      if (!repeated || length == 0) {
        return false;
      }
      seen += length;
    }
    return true;
  }

  private boolean isRepeatedByRun(int level, int length, int place) {
    int places = Math.min(length, groups.length); // then the pattern begins again
    for (int i = 0; i < places; i++) {
      if ((groups[(place + i) % groups.length] & ((1L << bits) - 1)) != level) {
        return false;
      }
    }
    return true;
  }

  private boolean isRepeatedByGroups(Bytes bytes, int length, int place) throws IOException {
    for (int i = 0; i < length; i += GROUP) {
      long difference = bytes.littleEndian(bits) ^ groups[(place + i) % groups.length];
      int unused = Long.SIZE - bits * Math.min(GROUP, length - i);
      if (difference << unused != 0) {
        return false;
      }
    }
    return true;
  }

  /** Goes through bytes. */
  private static final class Bytes {
    private final byte[] bytes;
    private int at;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    private int next() throws IOException {
      if (at == bytes.length) {
        throw new IOException("a page has too few levels");
      }
      return bytes[at++] & 255;
    }

    int varint() throws IOException {
      int value = 0;
      int part;
      int shift = 0;
      do {
        part = next();
        value |= (part & 127) << shift;
        shift += 7;
      } while (part > 127);
      return value;
    }

    long littleEndian(int count) throws IOException {
      long value = 0;
      for (int i = 0; i < count; i++) {
        value |= (long) next() << (8 * i);
      }
      return value;
    }
  }
}
