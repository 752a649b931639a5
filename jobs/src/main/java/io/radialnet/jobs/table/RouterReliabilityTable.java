package io.radialnet.jobs.table;

import org.apache.spark.sql.types.DataTypes;

/**
 * {@code router_reliability}: what a reliability diagram draws, the probability that routers gave
 * against the share that turned out skippable. Bins without examples have no row.
 */
public final class RouterReliabilityTable {

  /** The table. */
  public static final StatisticsTable TABLE =
      StatisticsTable.define(
              "router_reliability",
              "Reliability diagrams of routers: probability given against share observed, in bins"
                  + " of equal width; weighted to the corpus.")
          .required("layer", DataTypes.IntegerType, "0-based layer")
          .required("block", DataTypes.StringType, "attn or mlp")
          .required("learner", DataTypes.StringType, "as in router_quality")
          .required("split", DataTypes.StringType, "validation or test")
          .required("bin_low", DataTypes.DoubleType, "lowest calibrated probability of the bin")
          .required("bin_high", DataTypes.DoubleType, "its end; the last bin includes it")
          .required("probability", DataTypes.DoubleType, "mean calibrated probability in the bin")
          .required("observed", DataTypes.DoubleType, "share of skippable blocks in the bin")
          .required("share", DataTypes.DoubleType, "share of all examples that are in the bin")
          .required("examples", DataTypes.LongType, "examples in the bin")
          .check("block_is_known", "block IN ('attn', 'mlp')")
          .check("bins_ascend", "bin_low < bin_high AND bin_low >= 0 AND bin_high <= 1")
          .check("counts_fit", "examples > 0")
          .share("probability", "observed", "share")
          .build();

  private RouterReliabilityTable() {}
}
