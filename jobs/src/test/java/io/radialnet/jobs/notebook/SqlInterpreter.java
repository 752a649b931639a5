package io.radialnet.jobs.notebook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Runs {@code %spark.sql}: statements that end in a semicolon, of which the last shows its rows.
 */
final class SqlInterpreter implements Interpreter {

  private final SparkSession spark;

  SqlInterpreter(SparkSession spark) {
    this.spark = spark;
  }

  @Override
  public List<Shown> run(String code) {
    List<Shown> shown = new ArrayList<>();
    for (String statement : code.split(";\\s*(?=\n|$)", -1)) {
      if (!statement.isBlank()) {
        try {
          Dataset<Row> result = spark.sql(statement);
          if (result.columns().length > 0) {
            shown.add(shown(result));
          }
        } catch (Exception e) { // Scala throws checked exceptions without declaring them
          throw new ParagraphFailure(e);
        }
      }
    }
    return shown;
  }

  /** All rows of a result. */
  static Shown shown(Dataset<Row> result) {
    List<List<String>> rows = new ArrayList<>();
    for (Row row : result.collectAsList()) {
      List<String> values = new ArrayList<>();
      for (int column = 0; column < row.length(); column++) {
        values.add(String.valueOf(row.get(column)));
      }
      rows.add(values);
    }
    return new Shown(Arrays.asList(result.columns()), rows);
  }
}
