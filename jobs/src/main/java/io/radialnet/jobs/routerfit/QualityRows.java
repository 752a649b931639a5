package io.radialnet.jobs.routerfit;

import io.radialnet.jobs.provenance.ExamplesManifest;
import io.radialnet.jobs.table.RouterImportanceTable;
import io.radialnet.jobs.table.RouterQualityTable;
import io.radialnet.jobs.table.RouterReliabilityTable;
import io.radialnet.jobs.table.StatisticsTable;
import io.radialnet.jobs.table.TableRow;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** From what was measured of routers to rows of the Delta tables. */
final class QualityRows {

  /** The tables that are written. */
  static final List<StatisticsTable> TABLES =
      List.of(RouterReliabilityTable.TABLE, RouterImportanceTable.TABLE, RouterQualityTable.TABLE);

  private final ExamplesManifest examples;
  private final List<FittedRouter> routers;

  QualityRows(ExamplesManifest examples, List<FittedRouter> routers) {
    this.examples = examples;
    this.routers = routers;
  }

  /** Replaces the rows of the examples' run. */
  void write(SparkSession spark, String tables) {
    replace(spark, tables, RouterReliabilityTable.TABLE, reliability());
    replace(spark, tables, RouterImportanceTable.TABLE, importance());
    replace(spark, tables, RouterQualityTable.TABLE, quality());
  }

  private void replace(SparkSession spark, String tables, StatisticsTable table, List<Row> rows) {
    table.replace(
        spark,
        tables,
        List.of(examples.runId()),
        spark.createDataFrame(rows, table.schema()).coalesce(1));
  }

  private TableRow row(StatisticsTable table, FittedRouter router) {
    return table
        .row()
        .set(StatisticsTable.RUN_ID, examples.runId())
        .set(StatisticsTable.MODEL, examples.model())
        .set("layer", router.name().layer())
        .set("block", router.name().block().column());
  }

  private List<Row> quality() {
    List<Row> rows = new ArrayList<>();
    for (FittedRouter router : routers) {
      for (Quality quality : router.measures().qualities()) {
        boolean isBaseline =
            quality.learner().equals(RouterQualityTable.BASE_RATE)
                || quality.learner().equals(RouterQualityTable.PREVIOUS_RATIO);
        rows.add(
            row(RouterQualityTable.TABLE, router)
                .set("learner", quality.learner())
                .set("split", quality.split())
                .set("slice", quality.slice())
                .number("auc", quality.auc())
                .number("auc_low", quality.aucInterval().low())
                .number("auc_high", quality.aucInterval().high())
                .number("average_precision", quality.averagePrecision())
                .set("calibration_error", quality.reliability().calibrationError())
                .set("brier", quality.reliability().brier())
                .set("base_rate", Math.min(1, quality.baseRate()))
                .set("examples", quality.examples())
                .set("documents", quality.documents())
                .number("gain", quality.gain())
                .number("gain_low", quality.gainInterval().low())
                .number("gain_high", quality.gainInterval().high())
                .set("is_constant", router.constant().isPresent() && !isBaseline)
                .build());
      }
    }
    return rows;
  }

  private List<Row> reliability() {
    List<Row> rows = new ArrayList<>();
    for (FittedRouter router : routers) {
      for (Quality quality : router.measures().qualities()) {
        if (quality.slice().equals(RouterQualityTable.ALL)) {
          for (Reliability.Bin bin : quality.reliability().bins()) {
            rows.add(
                row(RouterReliabilityTable.TABLE, router)
                    .set("learner", quality.learner())
                    .set("split", quality.split())
                    .set("bin_low", bin.low())
                    .set("bin_high", bin.high())
                    .set("probability", bin.probability())
                    .set("observed", bin.observed())
                    .set("share", bin.share())
                    .set("examples", bin.examples())
                    .build());
          }
        }
      }
    }
    return rows;
  }

  private List<Row> importance() {
    List<Row> rows = new ArrayList<>();
    for (FittedRouter router : routers) {
      for (Importance importance : router.importances()) {
        rows.add(
            row(RouterImportanceTable.TABLE, router)
                .set("learner", importance.learner().toString())
                .set("features", importance.features())
                .set("importance", importance.importance())
                .set("auc", importance.auc())
                .set("examples", importance.examples())
                .build());
      }
    }
    return rows;
  }
}
