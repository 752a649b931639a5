package io.radialnet.jobs.dashboard;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.apache.spark.sql.SparkSession;

/** The views of {@code conf/dashboards} over some tables, in Spark and in DuckDB. */
final class BothEngines implements AutoCloseable {

  private final SparkSession spark;
  private final DuckDbTables duckDb;

  private BothEngines(SparkSession spark, DuckDbTables duckDb) {
    this.spark = spark;
    this.duckDb = duckDb;
  }

  static BothEngines open(SparkSession shared, Path tables) throws SQLException, IOException {
    SparkSession spark = shared.newSession();
    Dashboards.statements("spark.sql", tables).forEach(spark::sql);
    return new BothEngines(spark, DuckDbTables.open(tables));
  }

  Rows inSpark(String query) {
    return Rows.of(spark.sql(query));
  }

  Rows inDuckDb(String query) throws SQLException {
    return duckDb.rows(query);
  }

  @Override
  public void close() throws SQLException {
    duckDb.close();
    spark.sql("DROP DATABASE radial CASCADE");
  }
}
