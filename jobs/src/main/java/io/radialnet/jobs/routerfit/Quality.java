package io.radialnet.jobs.routerfit;

import io.radialnet.jobs.interval.Interval;
import java.io.Serializable;

/**
 * How good a predictor is on some examples of a router.
 *
 * @param learner as {@code router_quality} names it
 * @param split validation or test
 * @param slice as {@code router_quality} names it
 * @param auc NaN where all labels are the same
 * @param aucInterval 95 %
 * @param averagePrecision NaN where nothing is skippable
 * @param gain auc less that of the baseline previous_ratio; NaN for a baseline
 * @param gainInterval 95 %
 * @param reliability of the calibrated probabilities
 * @param baseRate share of skippable blocks
 */
record Quality(
    String learner,
    String split,
    String slice,
    double auc,
    Interval aucInterval,
    double averagePrecision,
    double gain,
    Interval gainInterval,
    Reliability reliability,
    double baseRate,
    long examples,
    long documents)
    implements Serializable {

  /** Whether its intervals say that it ranks better than chance and than the block before. */
  boolean isBetterThanBaselines() {
    return aucInterval.low() > 0.5 && gainInterval.low() > 0;
  }
}
