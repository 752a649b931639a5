package io.radialnet.transformer;

/** float16 by hand, as an independent check of what the engine reads: truncating, no infinities. */
final class Half {

  private static final int BIAS = 15;
  private static final int FRACTION_BITS = 10;

  private Half() {}

  /** The bits of a number of magnitude under 65,504, its fraction cut off. */
  static short of(float value) {
    int sign = value < 0 ? 0x8000 : 0;
    double magnitude = Math.abs(value);
    if (magnitude < Math.scalb(1.0, 1 - BIAS)) { // subnormal
      return (short) (sign | (int) Math.scalb(magnitude, FRACTION_BITS + BIAS - 1));
    }
    int exponent = Math.getExponent(magnitude);
    int fraction = (int) Math.scalb(Math.scalb(magnitude, -exponent) - 1, FRACTION_BITS);
    return (short) (sign | (exponent + BIAS) << FRACTION_BITS | fraction);
  }

  static float toFloat(short half) {
    int exponent = half >> FRACTION_BITS & 0x1f;
    int fraction = half & 0x3ff;
    double magnitude =
        exponent == 0
            ? Math.scalb((double) fraction, 1 - BIAS - FRACTION_BITS)
            : Math.scalb(1 + Math.scalb((double) fraction, -FRACTION_BITS), exponent - BIAS);
    return (float) (half < 0 ? -magnitude : magnitude);
  }
}
