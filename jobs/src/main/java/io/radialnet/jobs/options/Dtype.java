package io.radialnet.jobs.options;

import java.util.Locale;

/** The type of weights and activations. Measures are float32 whatever it is. */
public enum Dtype {
  /** bfloat16 where the run is for CUDA devices, else float32. */
  AUTO,
  /** 32 bits. */
  FLOAT32,
  /** 16 bits, of which 8 are the exponent. */
  BFLOAT16,
  /** 16 bits, of which 5 are the exponent. */
  FLOAT16;

  /** The name as users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
