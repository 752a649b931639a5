package io.radialnet.runtime;

import java.util.OptionalInt;

/**
 * What was measured of one window of T tokens in a model of L layers.
 *
 * @param columns one array of T * L numbers a column of the probe's plan, all layers of a token
 *     together; owned by this record
 * @param surprisal T numbers in nats, NaN where a token has no past; null when not asked for
 */
@SuppressWarnings("ArrayRecordComponent") // Numbers on their way to rows: never compared.
public record WindowMeasures(float[][] columns, float[] surprisal) {

  /** The first column that holds a NaN or an infinity; empty when all numbers are finite. */
  public OptionalInt firstColumnNotFinite() {
    for (int c = 0; c < columns.length; c++) {
      for (float value : columns[c]) {
        if (!Float.isFinite(value)) {
          return OptionalInt.of(c);
        }
      }
    }
    return OptionalInt.empty();
  }
}
