package io.radialnet.jobs.table;

import org.apache.spark.sql.types.DataTypes;

/** {@code layer_correlation}: whether the same tokens need two layers. */
public final class LayerCorrelationTable {

  /** The table. */
  public static final StatisticsTable TABLE =
      StatisticsTable.define(
              "layer_correlation",
              "Correlation over tokens of the residual ratios of two layers; every pair, both ways;"
                  + " special tokens are left out.")
          .required("block", DataTypes.StringType, "attn, mlp or layer")
          .required("layer_a", DataTypes.IntegerType, "0-based layer")
          .required("layer_b", DataTypes.IntegerType, "0-based layer")
          .optional(
              "pearson", DataTypes.DoubleType, "-1 to 1; null where one of them does not vary")
          .required("tokens", DataTypes.LongType, "tokens all of whose ratios are usable")
          .check("block_is_known", "block IN ('attn', 'mlp', 'layer')")
          .check("layers_are_known", "layer_a >= 0 AND layer_b >= 0")
          .check("pearson_is_one", "pearson >= -1 AND pearson <= 1")
          .build();

  private LayerCorrelationTable() {}
}
