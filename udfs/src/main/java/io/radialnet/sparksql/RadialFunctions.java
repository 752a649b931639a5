package io.radialnet.sparksql;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.lit;

import java.util.Arrays;
import org.apache.spark.sql.Column;

/**
 * The SQL functions for DataFrames. The session needs {@link RadialExtensions}; without it the
 * analysis fails and names the function. {@code DESCRIBE FUNCTION EXTENDED radial_ratio} and so on
 * says what null, NaN, empty and unequal arguments give.
 */
public final class RadialFunctions {

  private RadialFunctions() {}

  /** |f| / |y| of an update f and an output y = x + f: {@code radial_ratio}. */
  public static Column ratio(Column update, Column output) {
    return call_function("radial_ratio", update, output);
  }

  /** |f| / |y - f|, the ratio to the input: {@code radial_ratio_in}. */
  public static Column ratioIn(Column update, Column output) {
    return call_function("radial_ratio_in", update, output);
  }

  /** How many ratios are under a threshold: {@code radial_blocks_under}. */
  public static Column blocksUnder(Column ratios, double threshold) {
    return call_function("radial_blocks_under", ratios, lit(threshold));
  }

  /** How many blocks of one kind run at a threshold: {@code radial_dynamic_depth}. */
  public static Column dynamicDepth(Column ratios, double threshold) {
    return call_function("radial_dynamic_depth", ratios, lit(threshold));
  }

  /** How many blocks of both kinds run at a threshold: {@code radial_dynamic_depth}. */
  public static Column dynamicDepth(Column attnRatio, Column mlpRatio, double threshold) {
    return call_function("radial_dynamic_depth", attnRatio, mlpRatio, lit(threshold));
  }

  /** An array of (layer int, block string, ratio float) of both kinds: {@code radial_long}. */
  public static Column longForm(Column attnRatio, Column mlpRatio) {
    return call_function("radial_long", attnRatio, mlpRatio);
  }

  /** As {@link #longForm(Column, Column)}, with the layers as a whole. */
  public static Column longForm(Column attnRatio, Column mlpRatio, Column layerRatio) {
    return call_function("radial_long", attnRatio, mlpRatio, layerRatio);
  }

  /** Aggregate: a sketch of numbers, or of all elements of arrays: {@code radial_kll_build}. */
  public static Column kllBuild(Column value) {
    return call_function("radial_kll_build", value);
  }

  /**
   * As {@link #kllBuild(Column)}.
   *
   * @param k how many values are held exactly, {@link KllSketches#MIN_K} to {@link
   *     KllSketches#MAX_K}
   */
  public static Column kllBuild(Column value, int k) {
    return call_function("radial_kll_build", value, lit(k));
  }

  /** Aggregate: one sketch of all that sketches hold: {@code radial_kll_merge}. */
  public static Column kllMerge(Column sketch) {
    return call_function("radial_kll_merge", sketch);
  }

  /** The value at a rank, 0 to 1: {@code radial_kll_quantile}. */
  public static Column kllQuantile(Column sketch, double rank) {
    return call_function("radial_kll_quantile", sketch, lit(rank));
  }

  /** The values at several ranks, an array: {@code radial_kll_quantile}. */
  public static Column kllQuantiles(Column sketch, double... ranks) {
    Column[] literals = Arrays.stream(ranks).mapToObj(rank -> lit(rank)).toArray(Column[]::new);
    return call_function("radial_kll_quantile", sketch, array(literals));
  }

  /** The share of values up to one: {@code radial_kll_rank}. */
  public static Column kllRank(Column sketch, double value) {
    return call_function("radial_kll_rank", sketch, lit(value));
  }

  /** How many values a sketch has seen: {@code radial_kll_n}. */
  public static Column kllCount(Column sketch) {
    return call_function("radial_kll_n", sketch);
  }

  /** How far a rank may be off: {@code radial_kll_error}. */
  public static Column kllError(Column sketch) {
    return call_function("radial_kll_error", sketch);
  }
}
