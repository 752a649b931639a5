package io.radialnet.jobs.aggregate;

import java.io.ByteArrayOutputStream;

/** Non-negative numbers in as few bytes as they need, seven bits a byte, lowest first. */
final class Varints {

  private Varints() {}

  static void write(ByteArrayOutputStream out, long value) {
    long left = value;
    while (left > 127) {
      out.write((int) ((left & 127) | 128));
      left >>>= 7;
    }
    out.write((int) left);
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
