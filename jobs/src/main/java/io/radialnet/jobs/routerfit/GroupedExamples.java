package io.radialnet.jobs.routerfit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import io.radialnet.router.RouterName;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The examples laid out by router, so that fitting one reads its own and no other's: Parquet in a
 * directory for the time of a run, written in one pass over {@code router_examples}. Beside the
 * columns that features are made of:
 *
 * <ul>
 *   <li>{@code document} bigint: hash of doc_id
 *   <li>{@code draw} bigint: hash of the example and the seed, what sampling goes by
 *   <li>{@code slice} string, {@code split} string, {@code fold} int
 *   <li>{@code label} double 0 or 1, {@code weight} double
 * </ul>
 */
final class GroupedExamples {

  private final SparkSession spark;
  private final String directory;
  private final StructType schema;

  private GroupedExamples(SparkSession spark, String directory, StructType schema) {
    this.spark = spark;
    this.directory = directory;
    this.schema = schema;
  }

  /** Lays them out in a directory, which the caller deletes. */
  static GroupedExamples write(SparkSession spark, Examples examples, String directory, long seed) {
    Dataset<Row> rows =
        examples
            .rows()
            .select(
                col("layer"),
                col("block"),
                xxhash64(col("doc_id")).as("document"),
                xxhash64(lit(seed), col("doc_id"), col("window"), col("position")).as("draw"),
                col("domain").as("slice"),
                col("split"),
                col("fold"),
                col("label").cast("double").as("label"),
                col("weight"),
                col("projection"),
                col("log_norm"),
                col("previous_ratios"),
                col("position"),
                col("log_frequency"));
    rows.write().partitionBy("layer", "block").parquet(directory);
    return new GroupedExamples(spark, directory, rows.drop("layer", "block").schema());
  }

  /** The examples of one router. */
  Dataset<Row> of(RouterName router) {
    return spark
        .read()
        .schema(schema)
        .parquet(directory + "/layer=" + router.layer() + "/block=" + router.block().column());
  }
}
