package io.radialnet.jobs.table;

import org.apache.spark.sql.types.DataTypes;

/** {@code router_importance}: which features a router goes by. */
public final class RouterImportanceTable {

  /** The table. */
  public static final StatisticsTable TABLE =
      StatisticsTable.define(
              "router_importance",
              "Which features routers go by: what their AUC loses when a group of features is"
                  + " shuffled among examples of the split validation.")
          .required("layer", DataTypes.IntegerType, "0-based layer")
          .required("block", DataTypes.StringType, "attn or mlp")
          .required("learner", DataTypes.StringType, "mlp, logistic or gbt")
          .required(
              "features",
              DataTypes.StringType,
              "projection, log_norm, previous_ratios (all of them), last_ratio (that of the block"
                  + " before alone), log_position, log_frequency")
          .required(
              "importance",
              DataTypes.DoubleType,
              "auc less the mean auc of shuffles; about 0 where the features do not matter")
          .required("auc", DataTypes.DoubleType, "area under the ROC curve of the same examples")
          .required("examples", DataTypes.LongType, "examples shuffled")
          .check("block_is_known", "block IN ('attn', 'mlp')")
          .check("importance_is_a_difference", "importance >= -1 AND importance <= 1")
          .share("auc")
          .build();

  private RouterImportanceTable() {}
}
