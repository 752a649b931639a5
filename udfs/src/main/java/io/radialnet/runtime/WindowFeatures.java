package io.radialnet.runtime;

/**
 * What a pass gave for the examples of a {@link SampledWindow}, in their order.
 *
 * @param inputs (S, k + 1) of each block's input: its projection, its log norm
 * @param ratios (S) of each block
 */
@SuppressWarnings("ArrayRecordComponent") // Numbers on their way to rows: never compared.
public record WindowFeatures(float[] inputs, float[] ratios) {

  /** Whether every number is finite. */
  public boolean isFinite() {
    return areFinite(inputs) && areFinite(ratios);
  }

  private static boolean areFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
