package io.radialnet.jobs.options;

import java.util.Locale;

/** Where a model runs. */
public enum DeviceChoice {
  /** On CUDA where there is a device, else on the CPU. */
  AUTO,
  /** On the CPU. */
  CPU,
  /** On a CUDA device; it is an error if there is none. */
  CUDA;

  /** The name as users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
