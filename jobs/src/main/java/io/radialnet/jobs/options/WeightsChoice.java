package io.radialnet.jobs.options;

import java.util.Locale;

/** How a model is held. */
public enum WeightsChoice {
  /** As fits into memory. */
  AUTO,
  /** All layers in memory. */
  RESIDENT,
  /** One layer at a time. */
  STREAMED;

  /** The name as users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
