package io.radialnet.jobs.routerfit;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What is measured of a router's predictors.
 *
 * @param qualities one a predictor, split and slice
 * @param thresholds by learner, those fitted on all examples alone
 */
record RouterMeasures(List<Quality> qualities, Map<String, SkipThresholds> thresholds)
    implements Serializable {}
