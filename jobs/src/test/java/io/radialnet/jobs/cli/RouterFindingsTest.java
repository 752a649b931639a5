package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.table.RouterQualityTable;
import io.radialnet.jobs.table.StatisticsTable;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class RouterFindingsTest {

  private static final String RUN = "00000000000000aa";
  private static final String OTHER_RUN = "00000000000000bb";
  private static final double NO_GAIN = Double.NaN;

  @TempDir private Path tables;

  @Test
  void countsWhatBeatsBothBaselinesOnTestDocumentsOfTheRun(SparkSession spark) {
    write(
        spark,
        row(RUN, "mlp", 0, "test", "all", 0.8, 0.05, false),
        row(RUN, "mlp", 1, "test", "all", 0.9, -0.02, false), // no better than the block before
        row(RUN, "mlp", 2, "test", "all", 0.52, 0.05, false), // perhaps no better than chance
        row(RUN, "mlp", 3, "test", "all", 0.5, 0, true),
        row(RUN, "logistic", 0, "test", "all", 0.7, 0.05, false),
        row(RUN, "gbt", 0, "test", "all", 0.5, 0, true),
        row(RUN, "base_rate", 0, "test", "all", 0.5, NO_GAIN, false),
        row(RUN, "previous_ratio", 0, "test", "all", 0.6, NO_GAIN, false),
        row(RUN, "mlp", 0, "validation", "all", 0.99, 0.3, false),
        row(RUN, "mlp", 0, "test", "domain=books", 0.98, 0.3, false),
        row(OTHER_RUN, "mlp", 0, "test", "all", 0.97, 0.3, false));

    assertThat(RouterFindings.of(spark, tables.toString(), RUN))
        .containsExactly(
            "  gbt      0 of 1 routers beat both baselines, 1 had nothing to learn",
            "  logistic 1 of 1 routers beat both baselines, AUC 0.700 to 0.700",
            "  mlp      1 of 4 routers beat both baselines, AUC 0.520 to 0.900, 1 had nothing to"
                + " learn");
  }

  private void write(SparkSession spark, Row... rows) {
    RouterQualityTable.TABLE.replace(
        spark,
        tables.toString(),
        List.of(RUN, OTHER_RUN),
        spark.createDataFrame(List.of(rows), RouterQualityTable.TABLE.schema()).coalesce(1));
  }

  /** Intervals reach 0.03 to both sides. */
  private static Row row(
      String run,
      String learner,
      int layer,
      String split,
      String slice,
      double auc,
      double gain,
      boolean constant) {
    return RouterQualityTable.TABLE
        .row()
        .set(StatisticsTable.RUN_ID, run)
        .set(StatisticsTable.MODEL, "m")
        .set("layer", layer)
        .set("block", "attn")
        .set("learner", learner)
        .set("split", split)
        .set("slice", slice)
        .number("auc", auc)
        .number("auc_low", auc - 0.03)
        .number("auc_high", auc + 0.03)
        .number("average_precision", 0.5)
        .set("calibration_error", 0.01)
        .set("brier", 0.2)
        .set("base_rate", 0.3)
        .set("examples", 100L)
        .set("documents", 20L)
        .number("gain", gain)
        .number("gain_low", gain - 0.03)
        .number("gain_high", gain + 0.03)
        .set("is_constant", constant)
        .build();
  }
}
