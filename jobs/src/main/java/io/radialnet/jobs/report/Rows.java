package io.radialnet.jobs.report;

import io.radialnet.jobs.table.StatisticsTable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;

/**
 * Rows of a table, or those of them with some values. Immutable.
 *
 * @param table where they are from
 * @param columns of them, in order
 * @param rows themselves, with their schema
 */
record Rows(StatisticsTable table, List<String> columns, List<Row> rows) {

  Rows {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /** Those whose column has a value. */
  Rows where(String column, Object value) {
    return having(row -> Objects.equals(row.getAs(column), value));
  }

  /** Those of which something holds. */
  Rows having(Predicate<Row> condition) {
    return new Rows(table, columns, rows.stream().filter(condition).toList());
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The number in the first of the rows; NaN if there is no row, or no number in it. */
  double number(String column) {
    return rows.isEmpty() ? Double.NaN : number(rows.get(0), column);
  }

  /** The numbers of a column, row by row, NaN where there is none. */
  double[] numbers(String column) {
    return rows.stream().mapToDouble(row -> number(row, column)).toArray();
  }

  /** The mean of the numbers in a column; NaN if there is none. */
  static double mean(Rows rows, String column) {
    return Arrays.stream(rows.numbers(column))
        .filter(number -> !Double.isNaN(number))
        .average()
        .orElse(Double.NaN);
  }

  /** A number of a row; NaN if it is null. */
  static double number(Row row, String column) {
    Object value = row.getAs(column);
    return value == null ? Double.NaN : ((Number) value).doubleValue();
  }
}
