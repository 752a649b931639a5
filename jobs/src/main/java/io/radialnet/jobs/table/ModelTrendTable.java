package io.radialnet.jobs.table;

import org.apache.spark.sql.types.DataTypes;

/** {@code model_trend}: how the median ratio of a family changes with its models' size. */
public final class ModelTrendTable {

  /** The table. */
  public static final StatisticsTable TABLE =
      StatisticsTable.define(
              "model_trend",
              "Median residual ratio (no unit) of each model of a family, and its slope over the"
                  + " decimal logarithm of their size. Rewritten as a whole: of each model the"
                  + " latest run on the corpus that most models of the family were run on.")
          .required("family", DataTypes.StringType, "the models' family, such as opt")
          .required("block", DataTypes.StringType, "attn, mlp, layer, or all (attn and mlp pooled)")
          .required("parameters", DataTypes.LongType, "numbers in the model, tied ones once")
          .required("layers", DataTypes.IntegerType, "transformer layers of the model")
          .required(
              "p50", DataTypes.DoubleType, "median ratio over all layers and tokens not special")
          .optional(
              "slope",
              DataTypes.DoubleType,
              "change of p50 with ten times the parameters, least squares over the family; null with"
                  + " one size")
          .optional(
              "slope_low",
              DataTypes.DoubleType,
              "lower end of the slope's 95 % interval (Student's t over models); null with fewer"
                  + " than three models")
          .optional("slope_high", DataTypes.DoubleType, "upper end of that interval")
          .check("block_is_known", "block IN ('attn', 'mlp', 'layer', 'all')")
          .check("model_has_size", "parameters > 0 AND layers > 0")
          .check("interval_holds_slope", "slope_low <= slope AND slope <= slope_high")
          .notNegative("p50")
          .build();

  private ModelTrendTable() {}
}
