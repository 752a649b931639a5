package io.radialnet.jobs.table;

import org.apache.spark.sql.types.DataTypes;

/** {@code position_sparsity}: ratios by position in the window. Special tokens are left out. */
public final class PositionSparsityTable {

  /** The table. */
  public static final StatisticsTable TABLE =
      StatisticsTable.define(
              "position_sparsity",
              "Residual ratios (no unit) by position in the window; special tokens are left out.")
          .required("block", DataTypes.StringType, "attn, mlp, layer, or all (attn and mlp pooled)")
          .required("layer", DataTypes.IntegerType, "0-based layer; -1: all layers pooled")
          .required("position_low", DataTypes.IntegerType, "first position, 0 or a power of two")
          .required("position_high", DataTypes.IntegerType, "end of the positions (exclusive)")
          .required("tokens", DataTypes.LongType, "tokens at these positions")
          .optional("mean", DataTypes.DoubleType, "mean ratio, no unit")
          .optional("p50", DataTypes.DoubleType, "median ratio, from a sketch, no unit")
          .optional("below_10", DataTypes.DoubleType, "share of ratios under 0.10")
          .check("block_is_known", "block IN ('attn', 'mlp', 'layer', 'all')")
          .check("positions_are_a_range", "position_low >= 0 AND position_high > position_low")
          .check("has_tokens", "tokens > 0")
          .notNegative("mean", "p50")
          .share("below_10")
          .build();

  private PositionSparsityTable() {}
}
