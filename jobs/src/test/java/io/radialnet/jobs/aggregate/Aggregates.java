package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.options.AggregateOptions;
import io.radialnet.jobs.table.StatisticsTable;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Runs {@code aggregate} in the tests' session and reads what it wrote. */
final class Aggregates {

  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  private Aggregates() {}

  static AggregateOptions.Builder options(Path tables, Path... profiles) {
    return AggregateOptions.builder(
        Arrays.stream(profiles).map(Path::toString).toList(), tables.toString());
  }

  static AggregateResult run(SparkSession spark, AggregateOptions.Builder options) {
    return AggregateJob.run(spark, options.build(), NOWHERE);
  }

  static Dataset<Row> read(SparkSession spark, StatisticsTable table, Path tables) {
    return spark.read().format("delta").load(tables.resolve(table.name()).toString());
  }

  /** Rows of a condition, some columns of them, in their order. */
  static List<Row> rows(
      SparkSession spark, String table, Path tables, String condition, String... columns) {
    Dataset<Row> rows =
        spark
            .read()
            .format("delta")
            .load(tables.resolve(table).toString())
            .where(condition)
            .selectExpr(columns);
    Column[] order =
        Arrays.stream(rows.columns())
            .map(name -> rows.col("`" + name + "`"))
            .toArray(Column[]::new);
    return rows.sort(order).collectAsList();
  }

  /**
   * Copies the rows of a table where {@link DuckDb} reads them.
   *
   * @return what stands for the table in a query
   */
  static String forDuckDb(SparkSession spark, StatisticsTable table, Path tables) {
    Path copies = tables.resolveSibling("copies-of-" + tables.getFileName());
    read(spark, table, tables)
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(copies.resolve(table.name()).toString());
    return DuckDb.table(copies, table.name());
  }
}
