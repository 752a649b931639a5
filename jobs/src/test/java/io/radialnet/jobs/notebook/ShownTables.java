package io.radialnet.jobs.notebook;

import io.radialnet.jobs.notebook.Interpreter.Shown;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What paragraphs know as {@code z}: keeps the tables that they show. */
public final class ShownTables {

  private final List<Shown> shown = new ArrayList<>();

  /** Shows all rows of a DataFrame. */
  public void show(Dataset<Row> rows) {
    shown.add(SqlInterpreter.shown(rows));
  }

  /** What was shown since the last call. */
  List<Shown> take() {
    List<Shown> taken = List.copyOf(shown);
    shown.clear();
    return taken;
  }
}
