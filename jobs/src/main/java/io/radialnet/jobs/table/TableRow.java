package io.radialnet.jobs.table;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;

/** A row of a {@link StatisticsTable}, filled column by column by name. Not thread-safe. */
public final class TableRow {

  private final StatisticsTable table;
  private final Object[] values;

  TableRow(StatisticsTable table) {
    this.table = table;
    this.values = new Object[table.schema().size()];
  }

  /** Sets a column; null leaves it empty. */
  public TableRow set(String column, Object value) {
    values[table.schema().fieldIndex(column)] = value;
    return this;
  }

  /** Sets a column of several strings. */
  public TableRow strings(String column, List<String> value) {
    return set(column, value.toArray(new String[0])); // Spark takes no java.util.List in a row
  }

  /** Sets a number; NaN, where nothing could be computed, leaves it empty. */
  public TableRow number(String column, double value) {
    return set(column, Double.isNaN(value) ? null : value);
  }

  /**
   * The row.
   *
   * @throws IllegalStateException if a required column is not set
   */
  public Row build() {
    StructField[] fields = table.schema().fields();
    for (int i = 0; i < fields.length; i++) {
      if (values[i] == null && !fields[i].nullable()) {
        throw new IllegalStateException(
            "a row of "
                + table.name()
                + " lacks "
                + fields[i].name()
                + ": "
                + Arrays.toString(values));
      }
    }
    return RowFactory.create(values);
  }
}
