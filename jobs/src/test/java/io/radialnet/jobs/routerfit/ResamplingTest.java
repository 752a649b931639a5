package io.radialnet.jobs.routerfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radialnet.jobs.SparkSessionExtension;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkSessionExtension.class)
class ResamplingTest {

  private static final int EXAMPLES = 20_000;

  /** Weights 0.25, 1 and 4.75 in turn, of mean 2. */
  private static Dataset<Row> weighted(SparkSession spark) {
    return spark
        .range(EXAMPLES)
        .selectExpr(
            "id AS draw",
            "id % 3 AS kind",
            "element_at(array(0.25D, 1D, 4.75D), int(id % 3) + 1) AS weight");
  }

  @Test
  void anExampleIsRepeatedByItsWeightInExpectation(SparkSession spark) {
    List<Row> counts =
        Resampling.byWeight(weighted(spark))
            .groupBy("kind")
            .count()
            .orderBy("kind")
            .collectAsList();
    double each = EXAMPLES / 3.0;
    double[] weights = {0.25, 1, 4.75};
    for (int kind = 0; kind < 3; kind++) {
      double expected = each * weights[kind] / 2;
      // Five standard deviations of that many draws of one probability.
      assertThat((double) counts.get(kind).getLong(1))
          .as("weight %s", weights[kind])
          .isCloseTo(expected, within(5 * Math.sqrt(each) / 2));
    }
  }

  @Test
  void noExampleIsRepeatedMoreThanOnceTooOften(SparkSession spark) {
    List<Row> repetitions =
        Resampling.byWeight(weighted(spark))
            .where("kind = 2")
            .groupBy("draw")
            .count()
            .select("count")
            .distinct()
            .orderBy("count")
            .collectAsList();
    assertThat(repetitions).extracting(row -> row.getLong(0)).containsExactly(2L, 3L); // of 2.375
  }

  @Test
  void whatIsDrawnDoesNotDependOnPartitions(SparkSession spark) {
    Dataset<Row> one = Resampling.byWeight(weighted(spark).repartition(1)).orderBy("draw");
    Dataset<Row> many = Resampling.byWeight(weighted(spark).repartition(7)).orderBy("draw");
    assertThat(many.collectAsList()).isEqualTo(one.collectAsList());
  }

  @Test
  void aSampleIsAboutAsLargeAsAskedFor(SparkSession spark) {
    assertThat((double) Resampling.sample(weighted(spark), EXAMPLES, 2_000).count())
        .isCloseTo(2_000, within(250.0));
    assertThat(Resampling.sample(weighted(spark), EXAMPLES, EXAMPLES).count()).isEqualTo(EXAMPLES);
  }
}
