package io.radialnet.jobs.table;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * {@code router_quality}: how well routers tell blocks that can be skipped, beside two baselines.
 * All figures are weighted, so that they hold for the corpus and not for the sample.
 *
 * <p>A slice is {@code all}, a value of the slice column such as {@code domain=books}, or, for a
 * learner fitted on one slice alone and tested on another, {@code domain=books->domain=code}.
 */
public final class RouterQualityTable {

  /** The slice of all examples. */
  public static final String ALL = "all";

  /** Between the slice that was fitted on and the one tested on. */
  public static final String TRANSFER = "->";

  /** The baseline that gives every token the layer's share of blocks that can be skipped. */
  public static final String BASE_RATE = "base_rate";

  /** The baseline that goes by the ratio of the block before, the smaller the likelier. */
  public static final String PREVIOUS_RATIO = "previous_ratio";

  /** In SQL, whether intervals say that a router ranks better than both baselines. */
  public static final String IS_BETTER = "coalesce(auc_low > 0.5 AND gain_low > 0, false)";

  /** The table. */
  public static final StatisticsTable TABLE =
      StatisticsTable.define(
              "router_quality",
              "How well routers tell which blocks a token can skip, by layer, block, learner and"
                  + " slice, beside two baselines; weighted to the corpus.")
          .required("layer", DataTypes.IntegerType, "0-based layer")
          .required("block", DataTypes.StringType, "attn or mlp")
          .required(
              "learner",
              DataTypes.StringType,
              "mlp, logistic, gbt; or a baseline: base_rate (the share of skippable blocks in"
                  + " train and validation, for every token), previous_ratio (minus the ratio of the block before)")
          .required("split", DataTypes.StringType, "validation or test; calibrated on validation")
          .required(
              "slice",
              DataTypes.StringType,
              "which examples: all, domain=books, or domain=books->domain=code (fitted and"
                  + " calibrated on the former alone, tested on the latter)")
          .optional(
              "auc",
              DataTypes.DoubleType,
              "area under the ROC curve of the uncalibrated score, 0 to 1; null where all labels"
                  + " are the same")
          .optional(
              "auc_low",
              DataTypes.DoubleType,
              "lower end of its 95 % interval, by a bootstrap over documents; null under 10"
                  + " documents")
          .optional("auc_high", DataTypes.DoubleType, "upper end of that interval")
          .optional(
              "average_precision",
              DataTypes.DoubleType,
              "average precision of the uncalibrated score, 0 to 1; null where nothing is skippable")
          .required(
              "calibration_error",
              DataTypes.DoubleType,
              "expected calibration error in 15 bins of equal width, 0 to 1")
          .required("brier", DataTypes.DoubleType, "Brier score of the calibrated probability")
          .required("base_rate", DataTypes.DoubleType, "share of skippable blocks, 0 to 1")
          .required("examples", DataTypes.LongType, "examples behind the row")
          .required("documents", DataTypes.LongType, "documents they are of")
          .optional(
              "gain",
              DataTypes.DoubleType,
              "auc less that of previous_ratio on the same examples; null for baselines")
          .optional(
              "gain_low",
              DataTypes.DoubleType,
              "lower end of its 95 % interval, the same documents drawn for both")
          .optional("gain_high", DataTypes.DoubleType, "upper end of that interval")
          .required(
              "is_constant",
              DataTypes.BooleanType,
              "whether the router says the same of every token, having seen one class only")
          .check("block_is_known", "block IN ('attn', 'mlp')")
          .check("layer_is_known", "layer >= 0")
          .check("split_is_known", "split IN ('train', 'validation', 'test')")
          .check("interval_holds_auc", "auc_low <= auc AND auc <= auc_high")
          .check("interval_holds_gain", "gain_low <= gain AND gain <= gain_high")
          .check("counts_fit", "examples > 0 AND documents > 0 AND documents <= examples")
          .share("auc", "average_precision", "calibration_error", "brier", "base_rate")
          .build();

  private RouterQualityTable() {}

  /** One row a layer, block and learner, of all examples of the split test. */
  public static Dataset<Row> ofTest(SparkSession spark, String tables) {
    return test(spark, tables).where(functions.col("slice").equalTo(ALL));
  }

  /** Rows of the split test by slice, in column {@code slice}. */
  public static Dataset<Row> bySlice(SparkSession spark, String tables) {
    return test(spark, tables)
        .where(functions.col("slice").notEqual(ALL))
        .where(functions.not(functions.col("slice").contains(TRANSFER)));
  }

  /** Rows of one slice to another, in columns {@code fitted_on} and {@code tested_on}. */
  public static Dataset<Row> transfers(SparkSession spark, String tables) {
    return test(spark, tables)
        .where(functions.col("slice").contains(TRANSFER))
        .withColumn(
            "fitted_on",
            functions.substring_index(functions.col("slice"), TRANSFER, /* count= */ 1))
        .withColumn(
            "tested_on",
            functions.substring_index(functions.col("slice"), TRANSFER, /* count= */ -1));
  }

  /** As {@link #IS_BETTER}, of a row that was collected. */
  public static boolean isBetter(Row row) {
    Double auc = row.getAs("auc_low");
    Double gain = row.getAs("gain_low");
    return auc != null && auc > 0.5 && gain != null && gain > 0;
  }

  private static Dataset<Row> test(SparkSession spark, String tables) {
    return TABLE.read(spark, tables).where(functions.col("split").equalTo("test"));
  }
}
