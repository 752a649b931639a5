package io.radialnet.jobs.routerdata;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * What is drawn, for how many each example stands, and the tokens' log frequencies: broadcast. As
 * large as the strata and the vocabulary. Immutable.
 */
final class Sample implements Serializable {

  private static final long serialVersionUID = 1L;

  private final SamplePlan plan;
  private final Map<String, double[]> weights = new HashMap<>();
  private final float[] logFrequencies;

  /**
   * @param strata of all candidates
   * @param drawn strata of those that the plan draws
   * @param logFrequencies (V)
   */
  Sample(SamplePlan plan, Strata strata, Strata drawn, float[] logFrequencies) {
    this.plan = plan;
    this.logFrequencies = logFrequencies.clone();
    for (String domain : strata.domains()) {
      double[] ofDomain = new double[2 * strata.blocks()];
      for (int block = 0; block < strata.blocks(); block++) {
        for (boolean label : new boolean[] {false, true}) {
          long size = strata.size(domain, block, label);
          ofDomain[Strata.index(block, label)] =
              size == 0 ? 0 : (double) size / drawn.size(domain, block, label);
        }
      }
      weights.put(domain, ofDomain);
    }
  }

  SamplePlan plan() {
    return plan;
  }

  /** How many candidates an example stands for. */
  double weight(String domain, int block, boolean label) {
    return weights.get(domain)[Strata.index(block, label)];
  }

  float logFrequency(int tokenId) {
    return logFrequencies[tokenId];
  }
}
