package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.LayerSparsityTable;
import java.util.ArrayList;
import java.util.List;

/**
 * The fixed grid of bins that histograms of ratios are kept in: 32 bins an octave from 2^-16 to 64,
 * all below in the first bin, all above in the last. The thresholds of {@link
 * LayerSparsityTable#THRESHOLDS} are edges too, so that counts under them are exact.
 *
 * <p>A float's leading bits are its octave and its place there, so a bin costs no logarithm.
 */
final class RatioBins {

  private static final int SHIFT = 18; // leaves sign, exponent and 5 bits of the mantissa
  private static final int PER_OCTAVE = 32;
  private static final int OCTAVES = 22;
  private static final int LAST_RAW = PER_OCTAVE * OCTAVES + 1;
  private static final float LOWEST = 0x1p-16f;
  private static final int OFFSET = (Float.floatToRawIntBits(LOWEST) >>> SHIFT) - 1;

  /** By bin of the grid without thresholds: the bin below the threshold in it, or its bin. */
  private static final int[] FIRST = new int[LAST_RAW + 1];

  /** By bin of the grid without thresholds: the threshold in it, or infinity. */
  private static final float[] SPLIT = new float[LAST_RAW + 1];

  /** Lower edges of all bins. */
  private static final float[] LOW;

  /** By threshold: the bins before this one are under it. */
  private static final int[] BELOW = new int[LayerSparsityTable.THRESHOLDS.size()];

  static {
    List<Float> edges = new ArrayList<>();
    for (int raw = 0; raw <= LAST_RAW; raw++) {
      FIRST[raw] = edges.size();
      SPLIT[raw] = Float.POSITIVE_INFINITY;
      edges.add(rawLow(raw));
      for (int i = 0; i < BELOW.length; i++) {
        float threshold = atLeast(LayerSparsityTable.THRESHOLDS.get(i));
        if (threshold > rawLow(raw) && raw < LAST_RAW && threshold < rawLow(raw + 1)) {
          SPLIT[raw] = threshold;
          BELOW[i] = edges.size();
          edges.add(threshold);
        }
      }
    }
    LOW = new float[edges.size()];
    for (int bin = 0; bin < LOW.length; bin++) {
      LOW[bin] = edges.get(bin);
    }
  }

  private RatioBins() {}

  /** Whether a value is a ratio: not NaN, not infinite, not negative. */
  static boolean isUsable(float value) {
    return value >= 0 && value <= Float.MAX_VALUE;
  }

  /** The bin of a usable ratio. */
  static int of(float ratio) {
    int bits = Float.floatToRawIntBits(ratio + 0f); // + 0 makes -0 a 0
    int raw = Math.min(Math.max((bits >>> SHIFT) - OFFSET, 0), LAST_RAW);
    return FIRST[raw] + (ratio >= SPLIT[raw] ? 1 : 0);
  }

  static int count() {
    return LOW.length;
  }

  /** The smallest ratio of a bin. */
  static float low(int bin) {
    return LOW[bin];
  }

  /** The end of a bin (exclusive); infinity for the last. */
  static float high(int bin) {
    return bin + 1 < LOW.length ? LOW[bin + 1] : Float.POSITIVE_INFINITY;
  }

  /** The bins before this one hold exactly the ratios under a threshold, given by its index. */
  static int endBelow(int threshold) {
    return BELOW[threshold];
  }

  private static float rawLow(int raw) {
    return raw == 0 ? 0 : Float.intBitsToFloat((raw + OFFSET) << SHIFT);
  }

  /** The smallest float that is at least {@code value}. */
  private static float atLeast(double value) {
    float nearest = (float) value;
    return nearest < value ? Math.nextUp(nearest) : nearest;
  }
}
