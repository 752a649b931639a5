package io.radialnet.jobs.table;

import org.apache.spark.sql.types.DataTypes;

/** {@code drift}: how medians differ between two runs of models of one shape. */
public final class DriftTable {

  /** The table. */
  public static final StatisticsTable TABLE =
      StatisticsTable.define(
              "drift",
              "Median residual ratios (no unit) of run_b against those of the earlier run_a, over"
                  + " tokens that are not special. run_id is run_b.")
          .required("run_a", DataTypes.StringType, "the earlier run")
          .required("run_b", DataTypes.StringType, "the later run")
          .required("block", DataTypes.StringType, "attn, mlp, layer, or all (attn and mlp pooled)")
          .required("layer", DataTypes.IntegerType, "0-based layer; -1: all layers pooled")
          .required("p50_a", DataTypes.DoubleType, "median ratio in run_a")
          .required("p50_b", DataTypes.DoubleType, "median ratio in run_b")
          .required("difference", DataTypes.DoubleType, "p50_b - p50_a")
          .optional(
              "low",
              DataTypes.DoubleType,
              "lower end of the 95 % interval of the difference, by a bootstrap over documents, the"
                  + " same ones in both where both are of one corpus; null under 20 documents")
          .optional("high", DataTypes.DoubleType, "upper end of that interval")
          .optional("moved", DataTypes.BooleanType, "whether the interval leaves out 0")
          .check("block_is_known", "block IN ('attn', 'mlp', 'layer', 'all')")
          .check("runs_differ", "run_a <> run_b AND run_b = run_id")
          .check("interval_is_a_range", "low <= high")
          .notNegative("p50_a", "p50_b")
          .build();

  private DriftTable() {}
}
