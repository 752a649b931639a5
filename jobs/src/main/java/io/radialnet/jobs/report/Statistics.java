package io.radialnet.jobs.report;

import static org.apache.spark.sql.functions.col;

import io.radialnet.error.UserException;
import io.radialnet.jobs.table.DriftTable;
import io.radialnet.jobs.table.LayerCorrelationTable;
import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.ModelTrendTable;
import io.radialnet.jobs.table.PositionSparsityTable;
import io.radialnet.jobs.table.RatioHistogramTable;
import io.radialnet.jobs.table.RatioVarianceTable;
import io.radialnet.jobs.table.RunsTable;
import io.radialnet.jobs.table.Spelling;
import io.radialnet.jobs.table.StatisticsTable;
import io.radialnet.jobs.table.TokenSparsityTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * What the page shows of the tables: whole runs, and of each table what can be drawn.
 *
 * @param runs in the order of the page: by family, then size; pools last
 * @param notShown how many runs are in the tables and not on the page
 * @param tables the rows by table
 */
record Statistics(List<ReportRun> runs, long notShown, Map<StatisticsTable, Rows> tables) {

  /** The most runs on one page; the latest are shown. */
  static final int MAX_RUNS = 24;

  /** A token seen less often is not called extreme. */
  static final int MIN_OCCURRENCES = 20;

  /** How many tokens are shown at either end. */
  static final int EXTREMES = 12;

  /** So many tokens tell how a vocabulary spells. */
  private static final int SPELLING_SAMPLE = 2_000;

  private static final List<String> NOT_DRAWN =
      List.of("sketch", "document_groups", "members", "run_json", "versions");

  Statistics {
    runs = List.copyOf(runs);
    tables = Map.copyOf(tables);
  }

  /**
   * Reads the tables.
   *
   * @throws UserException when they are not there, or hold no whole run
   */
  static Statistics read(SparkSession spark, String directory) {
    requireTables(spark, directory);
    Dataset<Row> allRuns = RunsTable.TABLE.read(spark, directory);
    long count = allRuns.count();
    if (count == 0) {
      throw noTables(directory, "its table runs is empty, so no aggregation has finished");
    }
    Rows runRows =
        collect(
            RunsTable.TABLE,
            allRuns
                .orderBy(col("aggregated_at").desc(), col("run_id"))
                .limit(MAX_RUNS)
                .orderBy("is_pool", "family", "parameters", "aggregated_at", "run_id"));
    List<ReportRun> runs = ReportRun.of(runRows);
    return new Statistics(
        runs, count - runs.size(), new Reading(spark, directory, runs).tables(runRows));
  }

  private static void requireTables(SparkSession spark, String directory) {
    Path path = new Path(directory);
    try {
      FileSystem files = path.getFileSystem(spark.sessionState().newHadoopConf());
      if (!files.exists(path)) {
        throw noTables(directory, "there is no such directory");
      }
    } catch (IOException | IllegalArgumentException e) {
      throw UserException.of(
          "Cannot read the tables " + directory,
          String.valueOf(e.getMessage()),
          "Name the directory of aggregate with --tables",
          e);
    }
    if (!RunsTable.TABLE.exists(spark, directory)) {
      throw noTables(directory, "it has no table runs, which aggregate writes last");
    }
  }

  private static UserException noTables(String directory, String reason) {
    return UserException.of(
        "Cannot report on the tables " + directory,
        reason,
        "Name the directory of a finished `radial aggregate` with --tables");
  }

  private static Rows collect(StatisticsTable table, Dataset<Row> rows) {
    List<String> columns = new ArrayList<>(List.of(rows.columns()));
    columns.removeAll(NOT_DRAWN);
    Column[] selected = columns.stream().map(functions::col).toArray(Column[]::new);
    return new Rows(table, columns, rows.select(selected).collectAsList());
  }

  /** The rows of a table. */
  Rows of(StatisticsTable table) {
    return tables.get(table);
  }

  /** The rows of a table for a run. */
  Rows of(StatisticsTable table, ReportRun run) {
    return of(table).where(StatisticsTable.RUN_ID, run.id());
  }

  /** The rows of a table for a run's block, of all tokens, by layer, pooled layers left out. */
  Rows layers(ReportRun run, String block) {
    Rows all = all(run, block);
    return new Rows(
        all.table(),
        all.columns(),
        all.rows().stream().filter(row -> row.<Integer>getAs("layer") >= 0).toList());
  }

  /** The row over all layers of a run's block, of all tokens. */
  Rows pooled(ReportRun run, String block) {
    return all(run, block).where("layer", LayerSparsityTable.ALL_LAYERS);
  }

  private Rows all(ReportRun run, String block) {
    return of(LayerSparsityTable.TABLE, run)
        .where("slice", LayerSparsityTable.ALL_TOKENS)
        .where("block", block);
  }

  /** The runs that are no pools; the pools if there are no others. */
  List<ReportRun> ownRuns() {
    List<ReportRun> own = runs.stream().filter(run -> !run.isPool()).toList();
    return own.isEmpty() ? runs : own;
  }

  /** Reads the tables of the runs that were chosen. */
  private record Reading(SparkSession spark, String directory, List<ReportRun> runs) {

    Map<StatisticsTable, Rows> tables(Rows runRows) {
      Map<StatisticsTable, Rows> tables = new LinkedHashMap<>();
      tables.put(RunsTable.TABLE, runRows);
      put(tables, LayerSparsityTable.TABLE, rows(LayerSparsityTable.TABLE).drop("cosine_mean"));
      put(
          tables,
          RatioHistogramTable.TABLE,
          rows(RatioHistogramTable.TABLE)
              .where(col("slice").equalTo(LayerSparsityTable.ALL_TOKENS)));
      put(tables, PositionSparsityTable.TABLE, rows(PositionSparsityTable.TABLE));
      put(tables, TokenSparsityTable.TABLE, extremes());
      put(tables, RatioVarianceTable.TABLE, rows(RatioVarianceTable.TABLE));
      put(
          tables,
          LayerCorrelationTable.TABLE,
          rows(LayerCorrelationTable.TABLE).where("layer_a < layer_b"));
      put(tables, DriftTable.TABLE, rows(DriftTable.TABLE));
      put(tables, ModelTrendTable.TABLE, rows(ModelTrendTable.TABLE));
      return tables;
    }

    private Dataset<Row> rows(StatisticsTable table) {
      return table
          .read(spark, directory)
          .where(StatisticsTable.where(runs.stream().map(ReportRun::id).toList()));
    }

    private static void put(
        Map<StatisticsTable, Rows> tables, StatisticsTable table, Dataset<Row> rows) {
      Column[] order =
          List.of(rows.columns()).stream()
              .filter(ORDER::contains)
              .map(functions::col)
              .toArray(Column[]::new);
      tables.put(table, collect(table, rows.orderBy(order)));
    }

    /** Columns that say what a row is of. */
    private static final List<String> ORDER =
        List.of(
            "run_id",
            "family",
            "slice",
            "block",
            "layer",
            "parameters",
            "bin_low",
            "position_low",
            "rank",
            "component",
            "layer_a",
            "layer_b",
            "run_a");

    /**
     * Tokens with the smallest and the largest mean ratio of those seen often enough, of all that
     * are not special where none is. Columns {@code extreme} (smallest, largest) and {@code rank}
     * (from 1) are added; {@code token} becomes readable.
     */
    private Dataset<Row> extremes() {
      WindowSpec ofBlock = Window.partitionBy("run_id", "block");
      Dataset<Row> tokens =
          rows(TokenSparsityTable.TABLE)
              .where("not is_special and mean is not null")
              .withColumn("often", functions.max("tokens").over(ofBlock).geq(MIN_OCCURRENCES))
              .where(functions.not(col("often")).or(col("tokens").geq(MIN_OCCURRENCES)))
              .drop("often");
      return extreme(tokens, "smallest", ofBlock.orderBy(col("mean"), col("token_id")))
          .unionByName(
              extreme(tokens, "largest", ofBlock.orderBy(col("mean").desc(), col("token_id"))))
          .withColumn("token", text(spellings(tokens)).apply(col("run_id"), col("token")));
    }

    /** How each run's vocabulary spells, by run_id. */
    private static Map<String, Spelling> spellings(Dataset<Row> tokens) {
      Column sample = functions.slice(functions.collect_set("token"), 1, SPELLING_SAMPLE);
      Map<String, Spelling> spellings = new HashMap<>();
      for (Row row : tokens.groupBy("run_id").agg(sample).collectAsList()) {
        spellings.put(row.getString(0), Spelling.of(row.<String>getList(1)));
      }
      return spellings;
    }

    /** Of a run_id and a token as its vocabulary spells it: the token as one can read it. */
    private static UserDefinedFunction text(Map<String, Spelling> spellings) {
      Map<String, Spelling> serialized = Map.copyOf(spellings);
      return functions.udf(
          (String run, String token) -> TokenTexts.alone(serialized.get(run), token),
          DataTypes.StringType);
    }

    private static Dataset<Row> extreme(Dataset<Row> tokens, String name, WindowSpec order) {
      return tokens
          .withColumn("extreme", functions.lit(name))
          .withColumn("rank", functions.row_number().over(order))
          .where(col("rank").leq(EXTREMES));
    }
  }
}
