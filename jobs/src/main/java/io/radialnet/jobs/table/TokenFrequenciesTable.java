package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * {@code token_frequencies}: one row a token that occurs in a corpus, Parquet, in one file sorted
 * by {@code token_id}. As large as a vocabulary.
 */
public final class TokenFrequenciesTable {

  /** The table's name, and its directory's. */
  public static final String NAME = "token_frequencies";

  private static final StructType SCHEMA =
      new StructType()
          .add("token_id", DataTypes.IntegerType, false, "the token's number in the vocabulary")
          .add(
              "occurrences",
              DataTypes.LongType,
              false,
              "tokens of the corpus that are this one and not special")
          .add(
              "log_frequency",
              DataTypes.FloatType,
              false,
              "ln((occurrences + 1) / (tokens + vocabulary)); a token that is not here has"
                  + " occurrences 0");

  private TokenFrequenciesTable() {}

  /** The table's schema. */
  public static StructType schema() {
    return SCHEMA;
  }

  /** Writes the table, replacing an earlier one. */
  public static void write(SparkSession spark, String directory, List<Row> rows) {
    spark
        .createDataFrame(rows, SCHEMA)
        .coalesce(1)
        .sortWithinPartitions("token_id")
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(directory);
  }

  /**
   * Reads a table after checking that it is one.
   *
   * @throws UserException when there is none, naming what is missing
   */
  public static Dataset<Row> read(SparkSession spark, String directory) {
    Dataset<Row> table = ParquetTables.read(spark, NAME, directory);
    ParquetTables.requireNone(ParquetTables.problems(SCHEMA, table.schema()), NAME, directory);
    return table;
  }
}
