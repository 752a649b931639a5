package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** {@code errors}: one row a document that could not be profiled, Parquet, partitioned by shard. */
public final class ErrorsTable {

  /** The table's name, and its directory's. */
  public static final String NAME = "errors";

  private static final StructType SCHEMA =
      new StructType()
          .add("doc_id", DataTypes.StringType, true, "the document's id; null where unknown")
          .add("source", DataTypes.StringType, false, "file and line or row of the corpus")
          .add("reason", DataTypes.StringType, false, "why the document could not be profiled")
          .add(TokenRatiosTable.shardField());

  private ErrorsTable() {}

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
    List<String> problems = ParquetTables.problems(SCHEMA, table.schema());
    ParquetTables.requireNone(problems, NAME, directory);
    return table.withMetadata(TokenRatiosTable.SHARD, TokenRatiosTable.shardField().metadata());
  }
}
