package io.radialnet.jobs.report;

import static org.apache.spark.sql.functions.col;

import io.radialnet.error.UserException;
import io.radialnet.jobs.table.RouterImportanceTable;
import io.radialnet.jobs.table.RouterQualityTable;
import io.radialnet.jobs.table.RouterReliabilityTable;
import io.radialnet.jobs.table.StatisticsTable;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What the page shows of routers: nothing where {@code fit-routers} has written no tables.
 *
 * @param runs by model and run_id
 * @param notShown how many runs are in the tables and not on the page
 * @param tables the rows of all that is shown, by table; empty when there are no routers
 */
record RouterStatistics(List<RouterRun> runs, long notShown, List<Rows> tables) {

  /** The most runs on one page. */
  static final int MAX_RUNS = 24;

  private static final List<StatisticsTable> TABLES =
      List.of(RouterQualityTable.TABLE, RouterReliabilityTable.TABLE, RouterImportanceTable.TABLE);

  RouterStatistics {
    runs = List.copyOf(runs);
    tables = List.copyOf(tables);
  }

  /**
   * Reads the tables, if they are there.
   *
   * @throws UserException when one is there without the others, or is another table
   */
  static RouterStatistics read(SparkSession spark, String directory) {
    List<StatisticsTable> missing =
        TABLES.stream().filter(table -> !table.exists(spark, directory)).toList();
    if (missing.size() == TABLES.size()) {
      return new RouterStatistics(List.of(), 0, List.of());
    }
    if (!missing.isEmpty()) {
      throw incomplete(directory, missing);
    }
    Dataset<Row> quality = RouterQualityTable.TABLE.read(spark, directory);
    List<String> ids =
        quality
            .select("model", "run_id")
            .distinct()
            .orderBy("model", "run_id")
            .collectAsList()
            .stream()
            .map(row -> row.getString(1))
            .toList();
    Column shown =
        col(StatisticsTable.RUN_ID).isin(ids.subList(0, Math.min(MAX_RUNS, ids.size())).toArray());
    Rows qualities =
        rows(
            RouterQualityTable.TABLE,
            quality.where(shown).where("split = 'test'"),
            "block",
            "layer",
            "learner",
            "slice");
    Rows reliability =
        rows(
            RouterReliabilityTable.TABLE,
            RouterReliabilityTable.TABLE
                .read(spark, directory)
                .where(shown)
                .where("split = 'test'"),
            "block",
            "layer",
            "learner",
            "bin_low");
    Rows importance =
        rows(
            RouterImportanceTable.TABLE,
            RouterImportanceTable.TABLE.read(spark, directory).where(shown),
            "block",
            "layer",
            "learner",
            "features");
    List<RouterRun> runs = RouterRun.of(qualities, reliability, importance);
    return new RouterStatistics(
        runs,
        Math.max(0, ids.size() - MAX_RUNS),
        runs.isEmpty() ? List.of() : List.of(qualities, reliability, importance));
  }

  private static Rows rows(StatisticsTable table, Dataset<Row> rows, String... order) {
    return new Rows(
        table,
        List.of(rows.columns()),
        rows.orderBy(StatisticsTable.RUN_ID, order).collectAsList());
  }

  private static UserException incomplete(String directory, List<StatisticsTable> missing) {
    return UserException.of(
        "Cannot report on the routers of " + directory,
        "it has "
            + names(TABLES.stream().filter(table -> !missing.contains(table)).toList())
            + " and lacks "
            + names(missing),
        "Let `radial fit-routers` finish with these --tables, or move its tables away");
  }

  private static String names(List<StatisticsTable> tables) {
    return tables.stream().map(StatisticsTable::name).collect(Collectors.joining(", "));
  }
}
