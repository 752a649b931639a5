package io.radialnet.jobs.cli;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.radialnet.jobs.table.RouterQualityTable;
import io.radialnet.jobs.table.StatisticsTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What the routers of a run have learnt, a line a learner, by {@code router_quality}. */
final class RouterFindings {

  private RouterFindings() {}

  /**
   * Of the split test and all slices.
   *
   * @param tables where the table is
   * @param runId of the examples that the routers were fitted on
   */
  static List<String> of(SparkSession spark, String tables, String runId) {
    List<String> lines = new ArrayList<>();
    RouterQualityTable.ofTest(spark, tables)
        .where(col(StatisticsTable.RUN_ID).equalTo(runId))
        .where(
            col("learner")
                .notEqual(RouterQualityTable.BASE_RATE)
                .and(col("learner").notEqual(RouterQualityTable.PREVIOUS_RATIO)))
        .groupBy("learner")
        .agg(
            count(lit(1)).as("routers"),
            count_if(expr(RouterQualityTable.IS_BETTER)).as("better"),
            expr("count_if(is_constant)").as("constant"),
            expr("min(auc) FILTER (WHERE NOT is_constant)").as("lowest"),
            expr("max(auc) FILTER (WHERE NOT is_constant)").as("highest"))
        .orderBy("learner")
        .collectAsList()
        .forEach(row -> lines.add(line(row)));
    return lines;
  }

  private static String line(Row row) {
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "  %-8s %d of %d routers beat both baselines",
                row.<String>getAs("learner"),
                row.<Long>getAs("better"),
                row.<Long>getAs("routers")));
    if (row.getAs("lowest") != null) {
      line.append(
          String.format(
              Locale.ROOT,
              ", AUC %.3f to %.3f",
              row.<Double>getAs("lowest"),
              row.<Double>getAs("highest")));
    }
    long constant = row.<Long>getAs("constant");
    return constant == 0
        ? line.toString()
        : line.append(", " + constant + " had nothing to learn").toString();
  }
}
