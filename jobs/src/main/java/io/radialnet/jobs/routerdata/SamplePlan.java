package io.radialnet.jobs.routerdata;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which candidates are drawn: those of a stratum whose hash is not over its bound. The wanted
 * number is divided equally among blocks, and a block's share among its strata (domain, label) as
 * evenly as their sizes allow: small ones are drawn whole. Of every stratum at least one is drawn.
 * Immutable; serialized.
 */
final class SamplePlan implements Serializable {

  private static final long serialVersionUID = 1L;

  private final Map<String, long[]> bounds;

  private SamplePlan(Map<String, long[]> bounds) {
    this.bounds = bounds;
  }

  /**
   * The plan for a sample.
   *
   * @param wanted examples in all
   */
  static SamplePlan of(Strata strata, long wanted) {
    Map<String, long[]> bounds = new HashMap<>();
    strata.domains().forEach(domain -> bounds.put(domain, new long[2 * strata.blocks()]));
    for (int block = 0; block < strata.blocks(); block++) {
      double most = mostOfEach(sizes(strata, block), (double) wanted / strata.blocks());
      for (String domain : strata.domains()) {
        for (boolean label : new boolean[] {false, true}) {
          long size = strata.size(domain, block, label);
          if (size > 0) {
            long bound = bound(most / size);
            bounds.get(domain)[Strata.index(block, label)] =
                Math.max(bound, strata.smallest(domain, block, label));
          }
        }
      }
    }
    return new SamplePlan(bounds);
  }

  private static List<Long> sizes(Strata strata, int block) {
    List<Long> sizes = new ArrayList<>();
    for (String domain : strata.domains()) {
      sizes.add(strata.size(domain, block, false));
      sizes.add(strata.size(domain, block, true));
    }
    return sizes;
  }

  /**
   * The number c so that min(size, c) over all sizes add up to what is wanted; infinite when all
   * together are no more than that.
   */
  static double mostOfEach(List<Long> sizes, double wanted) {
    List<Long> ascending = sizes.stream().sorted().toList();
    double left = wanted;
    for (int i = 0; i < ascending.size(); i++) {
      double share = left / (ascending.size() - i);
      if (ascending.get(i) > share) {
        return share;
      }
      left -= ascending.get(i);
    }
    return Double.POSITIVE_INFINITY;
  }

  /** The largest hash that is drawn at a rate. */
  private static long bound(double rate) {
    return rate >= 1 ? Hashes.MAX : (long) (rate * Hashes.MAX);
  }

  /** Whether a candidate is drawn. */
  boolean draws(String domain, int block, boolean label, long hash) {
    return hash <= bounds.get(domain)[Strata.index(block, label)];
  }
}
