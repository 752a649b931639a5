package io.radialnet.jobs.aggregate;

import java.io.Serializable;

/** Sums over ratios and over cosines. Not thread-safe. */
final class RatioSums implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Values that are no ratio. */
  long unusable;

  double ratios;
  double squaredRatios;
  double cosines;

  /** Finite cosines. */
  long cosineCount;

  void addRatio(float ratio) {
    ratios += ratio;
    squaredRatios += (double) ratio * ratio;
  }

  /** Counts a cosine unless it is NaN or infinite. */
  void addCosine(float cosine) {
    if (Float.isFinite(cosine)) {
      cosines += cosine;
      cosineCount++;
    }
  }

  void add(RatioSums that) {
    unusable += that.unusable;
    ratios += that.ratios;
    squaredRatios += that.squaredRatios;
    cosines += that.cosines;
    cosineCount += that.cosineCount;
  }

  void clear() {
    unusable = 0;
    ratios = 0;
    squaredRatios = 0;
    cosines = 0;
    cosineCount = 0;
  }
}
