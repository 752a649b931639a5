package io.radialnet.jobs.aggregate;

/** Ranges of positions whose ends are powers of two: 0, 1, 2 to 3, 4 to 7, and so on. */
final class PositionBins {

  static final int COUNT = 32;

  private PositionBins() {}

  static int of(int position) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(position);
  }

  /** The first position. */
  static int low(int bin) {
    return bin == 0 ? 0 : 1 << (bin - 1);
  }

  /** The end of the positions (exclusive). */
  static int high(int bin) {
    return bin == COUNT - 1 ? Integer.MAX_VALUE : 1 << bin;
  }
}
