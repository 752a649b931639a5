package io.radialnet.jobs.dashboard;

import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

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
