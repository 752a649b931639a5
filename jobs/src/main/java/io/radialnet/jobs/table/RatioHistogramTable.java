package io.radialnet.jobs.table;

import org.apache.spark.sql.types.DataTypes;

/** {@code ratio_histogram}: how many ratios lie where, eight bins an octave; no empty bins. */
public final class RatioHistogramTable {

  /** The table. */
  public static final StatisticsTable TABLE =
      StatisticsTable.define(
              "ratio_histogram",
              "Histograms of residual ratios (no unit), eight bins an octave; empty bins are left"
                  + " out.")
          .required("slice", DataTypes.StringType, "which tokens, as in layer_sparsity")
          .required("block", DataTypes.StringType, "attn, mlp, layer, or all (attn and mlp pooled)")
          .required("layer", DataTypes.IntegerType, "0-based layer; -1: all layers pooled")
          .required("bin_low", DataTypes.DoubleType, "smallest ratio of the bin (inclusive)")
          .optional(
              "bin_high",
              DataTypes.DoubleType,
              "upper end of the bin (exclusive); null: the last bin has none")
          .required("observations", DataTypes.LongType, "ratios in the bin")
          .check("block_is_known", "block IN ('attn', 'mlp', 'layer', 'all')")
          .check("bin_is_a_range", "bin_low >= 0 AND bin_high > bin_low")
          .check("bin_is_not_empty", "observations > 0")
          .build();

  private RatioHistogramTable() {}
}
