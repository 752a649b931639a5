package io.radialnet.jobs.aggregate;

/**
 * The bins of {@code ratio_histogram}, each the union of bins of {@link RatioBins}: eight an octave
 * from 2^-16 to 64.
 */
final class CoarseBins {

  private static final int SHIFT = 20; // leaves sign, exponent and 3 bits of the mantissa
  private static final int PER_OCTAVE = 8;
  private static final int COUNT = PER_OCTAVE * 22 + 2;
  private static final int OFFSET = (Float.floatToRawIntBits(0x1p-16f) >>> SHIFT) - 1;

  private CoarseBins() {}

  static int count() {
    return COUNT;
  }

  /** Counts by bin of {@link RatioBins}, summed. */
  static long[] of(long[] fine) {
    long[] coarse = new long[COUNT];
    for (int bin = 0; bin < fine.length; bin++) {
      coarse[containing(RatioBins.low(bin))] += fine[bin];
    }
    return coarse;
  }

  private static int containing(float ratio) {
    int bits = Float.floatToRawIntBits(ratio);
    return Math.min(Math.max((bits >>> SHIFT) - OFFSET, 0), COUNT - 1);
  }

  static double low(int bin) {
    return bin == 0 ? 0 : Float.intBitsToFloat((bin + OFFSET) << SHIFT);
  }

  /** The end of a bin (exclusive); NaN for the last, which has none. */
  static double high(int bin) {
    return bin == COUNT - 1 ? Double.NaN : low(bin + 1);
  }
}
