package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * {@code router_examples}: one row a sampled (token, layer, block), Parquet, partitioned by {@code
 * shard}; inside a file sorted by {@code doc_id} (as UTF-8 bytes), {@code window}, {@code
 * position}, {@code layer}, {@code block}.
 */
public final class RouterExamplesTable {

  /** The table's name, and its directory's. */
  public static final String NAME = "router_examples";

  static final String PROJECTION = "projection";
  static final String LOG_NORM = "log_norm";
  static final String PREVIOUS_RATIOS = "previous_ratios";
  static final String LOG_FREQUENCY = "log_frequency";
  static final String RATIO = "ratio";

  private static final StructType SCHEMA =
      new StructType()
          .add("doc_id", DataTypes.StringType, false, "the document's id")
          .add(
              "domain",
              DataTypes.StringType,
              true,
              "the document's value in the column that the sample is spread over; null where there"
                  + " is none")
          .add("window", DataTypes.IntegerType, false, "0-based window of the document")
          .add(
              "position",
              DataTypes.IntegerType,
              false,
              "0-based token position in the window, special tokens included")
          .add("token_id", DataTypes.IntegerType, false, "the token's number in the vocabulary")
          .add("layer", DataTypes.IntegerType, false, "0-based layer of the block")
          .add("block", DataTypes.StringType, false, "attn or mlp")
          .add(
              PROJECTION,
              TokenRatiosTable.LAYER_VALUES,
              false,
              "the block's input projected to k numbers, in units of the residual stream")
          .add(
              LOG_NORM,
              DataTypes.FloatType,
              false,
              "ln of the L2 norm of the block's input, which is in units of the residual stream")
          .add(
              PREVIOUS_RATIOS,
              TokenRatiosTable.LAYER_VALUES,
              false,
              "residual ratios of the blocks already run, no unit, in the order 0.attn, 0.mlp,"
                  + " 1.attn, ...")
          .add(
              LOG_FREQUENCY,
              DataTypes.FloatType,
              false,
              "ln((occurrences of token_id in the corpus + 1) / (tokens + vocabulary)), specials"
                  + " not counted")
          .add(RATIO, DataTypes.FloatType, false, "the block's residual ratio |f| / |y|, no unit")
          .add(
              "label",
              DataTypes.BooleanType,
              false,
              "whether ratio is under the threshold: the block can be skipped")
          .add(
              "weight",
              DataTypes.DoubleType,
              false,
              "how many (token, layer, block) of the corpus this example stands for")
          .add(
              "split",
              DataTypes.StringType,
              false,
              "train, validation or test, by a hash of doc_id: 70, 15 and 15 %")
          .add("fold", DataTypes.IntegerType, false, "0 to 4, by another hash of doc_id")
          .add(TokenRatiosTable.shardField());

  private RouterExamplesTable() {}

  /** The table's schema. */
  public static StructType schema() {
    return SCHEMA;
  }

  /** Where the file of a shard lies. */
  public static Path shardFile(Path table, int shard) {
    return ShardFile.path(table, shard);
  }

  /**
   * Reads a table after checking that it is one.
   *
   * @throws UserException when there is none, naming what is missing
   */
  public static Dataset<Row> read(SparkSession spark, String directory) {
    Dataset<Row> table = ParquetTables.read(spark, NAME, directory);
    List<String> problems = ParquetTables.problems(asRead(), table.schema());
    ParquetTables.requireNone(problems, NAME, directory);
    return table.withMetadata(TokenRatiosTable.SHARD, TokenRatiosTable.shardField().metadata());
  }

  /** Spark takes elements of what it reads to be nullable. */
  private static StructType asRead() {
    StructType schema = new StructType();
    for (StructField field : SCHEMA.fields()) {
      DataType type =
          field.dataType() instanceof ArrayType array
              ? DataTypes.createArrayType(array.elementType(), /* containsNull= */ true)
              : field.dataType();
      schema = schema.add(field.name(), type);
    }
    return schema;
  }
}
