package io.radialnet.jobs.dashboard;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructType;
import io.radialnet.jobs.dashboard.KernelFiles.DataFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * DuckDB with the dashboards' tables and views, as {@code duckdb.sql} makes them. The extension
 * that has {@code delta_scan} is not on Maven Central: in its place stand the files that Delta
 * Kernel lists.
 */
final class DuckDbTables implements AutoCloseable {

  private static final Pattern DELTA_SCAN = Pattern.compile("delta_scan\\('([^']+)'\\)");

  private final Connection connection;

  private DuckDbTables(Connection connection) {
    this.connection = connection;
  }

  static DuckDbTables open(Path tables) throws SQLException, IOException {
    DuckDbTables duckDb = new DuckDbTables(DriverManager.getConnection("jdbc:duckdb:"));
    try (Statement statement = duckDb.connection.createStatement()) {
      for (String sql : Dashboards.statements("duckdb.sql", tables)) {
        statement.execute(withFiles(sql));
      }
    }
    return duckDb;
  }

  private static String withFiles(String sql) throws IOException {
    Matcher scan = DELTA_SCAN.matcher(sql);
    if (!scan.find()) {
      return sql;
    }
    KernelFiles table = KernelFiles.of(Path.of(scan.group(1)));
    return scan.replaceFirst(
        Matcher.quoteReplacement(
            Stream.concat(
                    Stream.of(noRows(table.schema())),
                    table.files().stream().map(DuckDbTables::select))
                .collect(Collectors.joining(" UNION ALL BY NAME ", "(", ")"))));
  }

  /** The columns alone: a table may be empty. */
  private static String noRows(StructType schema) {
    return schema.fields().stream()
        .map(field -> "CAST(NULL AS " + type(field.getDataType()) + ") AS " + field.getName())
        .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
  }

  private static String type(DataType type) {
    if (type instanceof ArrayType array) {
      return type(array.getElementType()) + "[]";
    }
    return switch (type.toString()) {
      case "string" -> "VARCHAR";
      case "long" -> "BIGINT";
      case "binary" -> "BLOB";
      case "timestamp" -> "TIMESTAMPTZ";
      default -> type.toString(); // boolean, integer, float and double are DuckDB's names too
    };
  }

  private static String select(DataFile file) {
    String partition =
        file.partition().entrySet().stream()
            .map(column -> ", '" + column.getValue() + "' AS " + column.getKey())
            .collect(Collectors.joining());
    return "SELECT *"
        + partition
        + " FROM read_parquet('"
        + file.path()
        + "', hive_partitioning = false)";
  }

  Rows rows(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      int width = result.getMetaData().getColumnCount();
      List<String> columns = new ArrayList<>();
      for (int column = 1; column <= width; column++) {
        columns.add(result.getMetaData().getColumnName(column));
      }
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int column = 1; column <= width; column++) {
          row.add(result.getObject(column));
        }
        rows.add(row);
      }
      return new Rows(columns, rows);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
