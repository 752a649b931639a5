package io.radialnet.jobs.dashboard;

import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows of a query as any engine gives them: whole numbers as Long, others as Double, times as
 * Instant, in an order of their own.
 *
 * @param columns names in their order
 * @param rows one list a row
 */
record Rows(List<String> columns, List<List<Object>> rows) {

  Rows {
    List<List<Object>> sorted = new ArrayList<>();
    for (List<Object> row : rows) {
      List<Object> values = new ArrayList<>();
      row.forEach(value -> values.add(value(value)));
      sorted.add(Collections.unmodifiableList(values));
    }
    sorted.sort(Comparator.comparing(Object::toString));
    rows = Collections.unmodifiableList(sorted);
  }

  /** The rows of a query of Spark. */
  static Rows of(Dataset<Row> result) {
    List<List<Object>> rows = new ArrayList<>();
    for (Row row : result.collectAsList()) {
      List<Object> values = new ArrayList<>();
      for (int column = 0; column < row.length(); column++) {
        values.add(row.get(column));
      }
      rows.add(values);
    }
    return new Rows(List.of(result.columns()), rows);
  }

  private static Object value(Object value) {
    if (value == null || value instanceof String || value instanceof Boolean) {
      return value;
    } else if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    } else if (value instanceof BigInteger whole) {
      return whole.longValueExact();
    } else if (value instanceof Double) {
      return value;
    } else if (value instanceof Timestamp time) {
      return time.toInstant();
    } else if (value instanceof OffsetDateTime time) {
      return time.toInstant();
    }
    throw new IllegalArgumentException(
        "engines differ in values of " + value.getClass() + ": cast it in the view");
  }
}
