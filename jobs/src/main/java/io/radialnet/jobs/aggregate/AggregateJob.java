package io.radialnet.jobs.aggregate;

import io.radialnet.error.UserException;
import io.radialnet.jobs.corpus.ExecutorFailures;
import io.radialnet.jobs.options.AggregateOptions;
import io.radialnet.jobs.progress.StageClock;
import io.radialnet.jobs.table.DriftTable;
import io.radialnet.jobs.table.LayerCorrelationTable;
import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.ModelTrendTable;
import io.radialnet.jobs.table.PositionSparsityTable;
import io.radialnet.jobs.table.RatioHistogramTable;
import io.radialnet.jobs.table.RatioVarianceTable;
import io.radialnet.jobs.table.RunsTable;
import io.radialnet.jobs.table.StatisticsTable;
import io.radialnet.jobs.table.TableSession;
import io.radialnet.jobs.table.TokenSparsityTable;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * From {@code token_ratios} of any number of profiles to the Delta tables of statistics. A run's
 * rows are replaced table by table, its row in {@code runs} is taken away first and written last:
 * whatever dies in between, the same command again mends it.
 */
public final class AggregateJob {

  /** All tables. */
  private static final List<StatisticsTable> TABLES =
      List.of(
          LayerSparsityTable.TABLE,
          RatioHistogramTable.TABLE,
          PositionSparsityTable.TABLE,
          TokenSparsityTable.TABLE,
          RatioVarianceTable.TABLE,
          LayerCorrelationTable.TABLE,
          DriftTable.TABLE,
          ModelTrendTable.TABLE,
          RunsTable.TABLE);

  private static final int ATTEMPTS = 10;

  private final SparkSession spark;
  private final SparkSession tableSession;
  private final AggregateOptions options;
  private final PrintStream progressSink;
  private final Bootstrap bootstrap;
  private final Optional<Pool> pool;
  private final StageClock clock = new StageClock();
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

  private AggregateJob(SparkSession spark, AggregateOptions options, PrintStream progressSink) {
    this.spark = spark;
    this.tableSession = TableSession.like(spark);
    this.options = options;
    this.progressSink = progressSink;
    this.bootstrap = new Bootstrap(options.bootstrap(), options.seed());
    this.pool =
        options.pool().map(name -> new Pool(tableSession, options.tables(), name, bootstrap));
  }

  /**
   * Runs the job.
   *
   * @param progressSink where progress is shown
   * @throws UserException for what the user can mend: see the messages
   */
  public static AggregateResult run(
      SparkSession spark, AggregateOptions options, PrintStream progressSink) {
    return new AggregateJob(spark, options, progressSink).run();
  }

  private AggregateResult run() {
    List<Profile> profiles = Profile.open(spark, options.profiles(), options.sliceBy());
    List<RunFacts> runs = runFacts(profiles);
    requireWritable();
    pool.ifPresent(into -> into.requireFits(runs));
    clock.finished("check");

    List<Vocabulary> vocabularies = vocabularies(profiles);
    clock.finished("vocabulary");
    try (RatioPass pass =
        ExecutorFailures.unwrap(
            () -> RatioPass.over(spark, profiles, plans(profiles, vocabularies), progressSink))) {
      clock.finished("pass");
      RunsTable.TABLE.remove(tableSession, options.tables(), ids(runs));
      write(pass, runs, vocabularies);
      clock.finished("tables");
      fold(pass, runs);
      clock.finished("pool");
      return finish(profiles, runs, pass.taskSeconds());
    }
  }

  private List<RunFacts> runFacts(List<Profile> profiles) {
    List<RunFacts> runs = new ArrayList<>();
    for (Profile profile : profiles) {
      // Later in the list is later in time.
      Instant written = now.plus(runs.size(), ChronoUnit.MICROS);
      runs.add(RunFacts.of(profile, options.sliceBy(), written));
    }
    return runs;
  }

  /** The ids whose rows this job replaces: of the profiles, and the pool's name. */
  private Set<String> ids(List<RunFacts> runs) {
    Set<String> ids = runs.stream().map(run -> run.run().id()).collect(Collectors.toSet());
    options.pool().ifPresent(ids::add);
    return ids;
  }

  private void requireWritable() {
    StatisticsTable.requireDirectory(tableSession, options.tables());
    TABLES.forEach(table -> table.requireWritable(tableSession, options.tables()));
  }

  private static List<Vocabulary> vocabularies(List<Profile> profiles) {
    return profiles.stream().map(profile -> Vocabulary.of(profile.tokenRatios())).toList();
  }

  private List<PassPlan> plans(List<Profile> profiles, List<Vocabulary> vocabularies) {
    List<PassPlan> plans = new ArrayList<>();
    for (Profile profile : profiles) {
      int run = plans.size();
      plans.add(
          new PassPlan(
              run,
              profile.run().blocks(),
              profile.hasCosine(),
              profile.run().layers(),
              options.sliceBy(),
              vocabularies.get(run).frequent()));
    }
    return plans;
  }

  private void write(RatioPass pass, List<RunFacts> facts, List<Vocabulary> vocabularies) {
    List<Run> runs = facts.stream().map(RunFacts::run).toList();
    Map<String, Run> byId = new HashMap<>();
    runs.forEach(run -> byId.put(run.id(), run));
    JavaPairRDD<SliceOfRun, Map<Pooling.Cell, RatioState>> slices =
        SliceStates.bySlice(SliceStates.of(pass, runs));
    Broadcast<List<Vocabulary>> spellings =
        new JavaSparkContext(spark.sparkContext()).broadcast(vocabularies);
    try {
      Map<StatisticsTable, JavaRDD<Row>> rows = new LinkedHashMap<>();
      rows.put(LayerSparsityTable.TABLE, LayerSparsityRows.of(slices, byId, bootstrap));
      rows.put(RatioHistogramTable.TABLE, RatioHistogramRows.of(slices, byId));
      rows.put(PositionSparsityTable.TABLE, PositionRows.of(pass, runs));
      rows.put(TokenSparsityTable.TABLE, TokenRows.of(pass, runs, spellings));
      rows.put(RatioVarianceTable.TABLE, RatioVarianceRows.of(pass, runs));
      rows.put(LayerCorrelationTable.TABLE, LayerCorrelationRows.of(pass, runs));
      List<Runnable> writes = new ArrayList<>();
      rows.forEach((table, ofTable) -> writes.add(() -> replace(table, runs, ofTable)));
      Concurrently.run(tableSession, writes);
    } finally {
      spellings.destroy();
    }
  }

  private void replace(StatisticsTable table, List<Run> runs, JavaRDD<Row> rows) {
    table.replace(
        tableSession,
        options.tables(),
        runs.stream().map(Run::id).toList(),
        tableSession.createDataFrame(rows, table.schema()));
  }

  private void compare(List<RunFacts> runs, Set<RunFacts> others) {
    JavaRDD<Row> rows = Drift.rows(tableSession, options.tables(), runs, others, bootstrap);
    replace(DriftTable.TABLE, runs.stream().map(RunFacts::run).toList(), rows);
  }

  /** The rows of {@code runs}. */
  private List<RunFacts> written() {
    return RunsTable.TABLE.read(tableSession, options.tables()).collectAsList().stream()
        .map(RunFacts::of)
        .toList();
  }

  private void fold(RatioPass pass, List<RunFacts> facts) {
    if (pool.isPresent()) {
      List<Run> runs = facts.stream().map(RunFacts::run).toList();
      pool.get().fold(runs, SliceStates.of(pass, runs));
    }
  }

  /**
   * Writes what is said of several runs, and {@code runs} last; once more when other writers have
   * changed meanwhile which runs there are.
   */
  private AggregateResult finish(
      List<Profile> profiles, List<RunFacts> runs, Map<String, Double> taskSeconds) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Set<RunFacts> others = others(runs);
      List<RunFacts> mine = withPool(runs, others);
      Concurrently.run(
          tableSession,
          List.of(
              () -> compare(runs, others),
              () -> writePoolHistogram(mine),
              () -> writeTrend(others, mine)));
      Headlines headlines = Headlines.read(tableSession, options.tables(), ids(runs));
      RunsTable.TABLE.replace(
          tableSession,
          options.tables(),
          ids(runs),
          tableSession.createDataFrame(
              new RunRows(options, headlines).of(profiles, mine), RunsTable.TABLE.schema()));
      if (others.equals(others(runs)) && mine.equals(withPool(runs, others))) {
        clock.finished("runs");
        return AggregateResult.of(options.tables(), mine, headlines, clock, taskSeconds);
      }
    }
    throw UserException.of(
        "Cannot finish the tables in " + options.tables(),
        "other writers were faster " + ATTEMPTS + " times",
        "Run again when they are done");
  }

  /** The runs in the tables that this job does not write. */
  private Set<RunFacts> others(List<RunFacts> runs) {
    Set<RunFacts> others = new HashSet<>(written());
    Set<String> ids = ids(runs);
    others.removeIf(run -> ids.contains(run.run().id()));
    return others;
  }

  private List<RunFacts> withPool(List<RunFacts> runs, Set<RunFacts> others) {
    List<RunFacts> mine = new ArrayList<>(runs);
    List<RunFacts> known = new ArrayList<>(runs);
    known.addAll(others);
    pool.ifPresent(into -> mine.add(into.facts(runs.get(0), known, now)));
    return mine;
  }

  private void writePoolHistogram(List<RunFacts> mine) {
    if (pool.isPresent()) {
      Run run = mine.get(mine.size() - 1).run();
      JavaRDD<Row> rows = RatioHistogramRows.of(pool.get().states(), Map.of(run.id(), run));
      replace(RatioHistogramTable.TABLE, List.of(run), rows);
    }
  }

  private void writeTrend(Set<RunFacts> others, List<RunFacts> mine) {
    List<RunFacts> runs = new ArrayList<>(others);
    runs.addAll(mine);
    ModelTrendTable.TABLE.replaceAll(
        tableSession,
        options.tables(),
        tableSession.createDataFrame(
            ModelTrend.rows(tableSession, options.tables(), runs), ModelTrendTable.TABLE.schema()));
  }
}
