package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class MedianRatiosTest {

  @Test
  void takesTheMedianOfEachLayerWithoutSpecialTokens() {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
    Dataset<Row> tokens =
        spark.sql(
            "SELECT * FROM VALUES"
                + " (true, array(9f, 9f), array(9f, 9f)),"
                + " (false, array(0.5f, 0.1f), array(1f, 2f)),"
                + " (false, array(0.25f, 0.3f), array(1f, 4f)),"
                + " (false, array(0.75f, 0.2f), array(1f, 6f))"
                + " AS t(is_special, attn_ratio, mlp_ratio)");

    Map<String, double[]> medians = MedianRatios.of(tokens, "attn", "mlp");

    assertThat(medians).containsOnlyKeys("attn", "mlp");
    assertThat(medians.get("attn")).containsExactly(0.5, 0.2f);
    assertThat(medians.get("mlp")).containsExactly(1, 4);
  }
}
