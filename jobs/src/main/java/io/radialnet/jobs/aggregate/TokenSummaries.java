package io.radialnet.jobs.aggregate;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * What is left of {@link TokenStates} when all are merged: a hundredth, since their sketches are
 * wanted no more. Serialized.
 *
 * @param byToken by id in the vocabulary
 */
record TokenSummaries(Map<Integer, TokenSummary> byToken) implements Serializable {

  TokenSummaries {
    byToken = new HashMap<>(byToken);
  }
}
