package io.radialnet.probe;

import java.util.Arrays;
import java.util.Locale;

/**
 * What is measured of a residual addition y = x + f. Norms are L2 over the hidden size, in float32
 * whatever the model's dtype.
 */
public enum Measure {
  /** |f| / |y|: the update's share of what comes out. */
  RATIO,
  /** cos(x, y). Block influence is 1 - cosine, angular distance acos(cosine) / pi. */
  COSINE,
  /** |x|. */
  INPUT_NORM,
  /** |f|. */
  UPDATE_NORM,
  /** |y|. */
  OUTPUT_NORM;

  /**
   * The name in columns, options and tables: ratio, cosine, input_norm, update_norm, output_norm.
   */
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
