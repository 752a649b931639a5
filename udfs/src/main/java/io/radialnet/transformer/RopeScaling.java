package io.radialnet.transformer;

/**
 * How the frequencies of rotary positions are stretched for contexts longer than those trained on,
 * computed in float32 as transformers does (modeling_rope_utils).
 */
public sealed interface RopeScaling {

  /** The frequency to use instead of an unscaled one, in radians a position. */
  float scale(float frequency);

  /** rope_type default: none. */
  record None() implements RopeScaling {
    @Override
    public float scale(float frequency) {
      return frequency;
    }
  }

  /** rope_type linear: positions are divided by a factor. */
  record Linear(double factor) implements RopeScaling {
    @Override
    public float scale(float frequency) {
      return frequency / (float) factor;
    }
  }

  /**
   * rope_type llama3: long wavelengths are divided by a factor, short ones kept, and those between
   * blended.
   *
   * @param originalPositions context length before the extension
   */
  record Llama3(double factor, double lowFactor, double highFactor, int originalPositions)
      implements RopeScaling {
    @Override
    public float scale(float frequency) {
      float wavelength = (float) (2 * Math.PI) / frequency;
      if (wavelength < originalPositions / highFactor) {
        return frequency;
      }
      float stretched = frequency / (float) factor;
      if (wavelength > originalPositions / lowFactor) {
        return stretched;
      }
      float smooth =
          (float) ((originalPositions / wavelength - lowFactor) / (highFactor - lowFactor));
      return (1 - smooth) * stretched + smooth * frequency;
    }
  }
}
