package io.radialnet.jobs;

import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads what a job wrote as its users do: with DuckDB. */
public final class DuckDb {

  private DuckDb() {}

  /** How a query names a table that a job wrote: {@code select * from <table>}. */
  public static String table(Path out, String name) {
    return "read_parquet('" + out.resolve(name) + "/**/*.parquet', hive_partitioning = true)";
  }

  /** All rows of a run's {@code token_ratios} in their order, whatever the shards. */
  public static List<List<Object>> tokenRatios(Path out) {
    return rows(
        "select * exclude (shard) from "
            + table(out, "token_ratios")
            + " order by doc_id, \"window\", \"position\"");
  }

  /** All rows of a query; lists come as {@link List}. */
  public static List<List<Object>> rows(String query) {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          row.add(value(result.getObject(column)));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  /** Runs a statement that has no rows. */
  public static void run(String query) {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute(query);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  /** The first column of a query's rows. */
  public static List<Object> column(String query) {
    return rows(query).stream().map(row -> row.get(0)).toList();
  }

  /** The number that is a query's only value. */
  public static Number number(String query) {
    return (Number) rows(query).get(0).get(0);
  }

  private static Object value(Object value) throws SQLException {
    return value instanceof Array array ? Arrays.asList((Object[]) array.getArray()) : value;
  }
}
