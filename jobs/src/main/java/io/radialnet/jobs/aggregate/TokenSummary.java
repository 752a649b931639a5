package io.radialnet.jobs.aggregate;

import java.io.Serializable;

/**
 * What is told of a token of the vocabulary. Serialized.
 *
 * @param tokens its occurrences
 * @param special whether it is special
 * @param means of its ratios by block, then those of the pooled blocks if there are any; NaN where
 *     it has none
 * @param medians likewise
 * @param example one occurrence with its surroundings
 */
@SuppressWarnings("ArrayRecordComponent") // many are held at once
record TokenSummary(long tokens, boolean special, double[] means, double[] medians, Example example)
    implements Serializable {}
