package io.radialnet.jobs.table;

import org.apache.spark.sql.types.DataTypes;

/** {@code ratio_variance}: what residual ratios vary with. */
public final class RatioVarianceTable {

  /** The table. */
  public static final StatisticsTable TABLE =
      StatisticsTable.define(
              "ratio_variance",
              "Variance components of residual ratios, each corrected for the others and for degrees"
                  + " of freedom; special tokens are left out.")
          .required("block", DataTypes.StringType, "attn, mlp or layer")
          .required(
              "component",
              DataTypes.StringType,
              "layer, token (its type; those seen under 20 times are one), position (powers of two),"
                  + " document, or rest")
          .optional(
              "variance",
              DataTypes.DoubleType,
              "variance of the ratio (no unit) that goes with the component, 0 where the estimate is"
                  + " negative; null where it cannot be told apart")
          .optional("share", DataTypes.DoubleType, "its share of the sum of all components")
          .check("block_is_known", "block IN ('attn', 'mlp', 'layer')")
          .check(
              "component_is_known",
              "component IN ('layer', 'token', 'position', 'document', 'rest')")
          .notNegative("variance")
          .share("share")
          .build();

  private RatioVarianceTable() {}
}
