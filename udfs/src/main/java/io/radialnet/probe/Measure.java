package io.radialnet.probe;

import java.util.Arrays;
import java.util.Locale;

/**
 * What is measured of one residual addition y = x + f, for each token. L2 norms and the dot product
 * run over the width of the stream, in float32.
 */
public enum Measure {
  /** |f| / |y|: the contribution of the update to the output. */
  RATIO,
  /** cos(x, y). */
  COSINE,
  /** |x|. */
  INPUT_NORM,
  /** |f|. */
  UPDATE_NORM,
  /** |y|. */
  OUTPUT_NORM;

  /** The name in columns and options: ratio, cosine, input_norm, update_norm, output_norm. */
  public String column() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The measure of a name.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Measure of(String name) {
    return Arrays.stream(values())
        .filter(measure -> measure.column().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no measure is called '" + name + "'"));
  }
}
