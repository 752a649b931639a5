package io.radialnet.jobs.aggregate;

import java.util.Arrays;

/** Non-negative numbers in as few bytes as they need, seven bits a byte, lowest first. */
final class Varints {

  private Varints() {}

  /** Writes one number after the other. Not thread-safe. */
  static final class Writer {
    private static final int LONGEST = 10;

    private byte[] bytes = new byte[64];
    private int size;

    void write(long value) {
      makeRoom(LONGEST);
      long left = value;
      while (left > 127) {
        bytes[size++] = (byte) (left | 128);
        left >>>= 7;
      }
      bytes[size++] = (byte) left;
    }

    /** Writes numbers that were written before: bytes {@code from} to {@code to} (exclusive). */
    void copy(byte[] written, int from, int to) {
      makeRoom(to - from);
      System.arraycopy(written, from, bytes, size, to - from);
      size += to - from;
    }

    private void makeRoom(int count) {
      if (bytes.length - size < count) {
        bytes = Arrays.copyOf(bytes, Math.max(size + count, 2 * bytes.length));
      }
    }

    byte[] toBytes() {
      return Arrays.copyOf(bytes, size);
    }
  }

  /** Reads one number after the other. */
  static final class Cursor {
    private final byte[] bytes;
    private int at;

    Cursor(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean hasNext() {
      return at < bytes.length;
    }

    int position() {
      return at;
    }

    long next() {
      long value = 0;
      int shift = 0;
      byte part;
      do {
        part = bytes[at++];
        value |= (long) (part & 127) << shift;
        shift += 7;
      } while (part < 0);
      return value;
    }

    int nextInt() {
      return Math.toIntExact(next());
    }
  }
}
