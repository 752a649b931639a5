package io.radialnet.jobs.routerfit;

import java.io.Serializable;

/**
 * What gives examples a score and a probability: a learner or a baseline.
 *
 * @param learner as {@code router_quality} names it
 * @param fittedOn the slice that it was fitted on alone; null: all examples
 */
record Predictor(String learner, String fittedOn) implements Serializable {

  /** One that was fitted on all examples. */
  static Predictor of(String learner) {
    return new Predictor(learner, null);
  }
}
