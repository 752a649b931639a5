package io.radialnet.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The SQL functions in a session that has Delta too. */
@ExtendWith(SparkSessionExtension.class)
class SqlFunctionsTest {

  @TempDir private Path directory;

  @Test
  void sketchesInDeltaTablesMergeAcrossRuns(SparkSession spark) {
    String table = "delta.`" + directory.resolve("sketches") + "`";
    spark.sql("CREATE TABLE " + table + " (run_id STRING, layer INT, sketch BINARY) USING delta");
    for (int run = 0; run < 2; run++) {
      spark.sql(
          String.format(
              """
              INSERT INTO %s
              SELECT 'run-%d', layer, radial_kll_build(ratio)
              FROM (SELECT transform(sequence(0, 2), i -> float(i + %d)) AS ratios FROM range(100))
                LATERAL VIEW posexplode(ratios) AS layer, ratio
              GROUP BY layer""",
              table, run, run));
    }

    assertThat(
            spark
                .sql(
                    "SELECT layer, radial_kll_n(radial_kll_merge(sketch)),"
                        + " radial_kll_quantile(radial_kll_merge(sketch), array(0.5, 1)) FROM "
                        + table
                        + " GROUP BY layer ORDER BY layer")
                .collectAsList())
        .extracting(Row::toString)
        .containsExactly(
            "[0,200,ArraySeq(0.0, 1.0)]",
            "[1,200,ArraySeq(1.0, 2.0)]",
            "[2,200,ArraySeq(2.0, 3.0)]");
  }
}
