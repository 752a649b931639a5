package io.radialnet.jobs.aggregate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.options.AggregateOptions;
import io.radialnet.jobs.progress.StageClock;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.table.DriftTable;
import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.StatisticsTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * What a finished {@code aggregate} wrote.
 *
 * @param tables the directory of the tables
 * @param runs one a run that was written, the pool last
 * @param seconds by stage, {@code total} among them
 */
public record AggregateResult(String tables, List<Written> runs, Map<String, Double> seconds) {

  /**
   * A run that was written.
   *
   * @param runId the profile's run_id, or the pool's name
   * @param model the model's name
   * @param documents profiled
   * @param tokens profiled, special ones included
   * @param unusableRatios values that are no ratio
   * @param p50 median ratio of attn and mlp over all layers, or of the only block there is; empty
   *     if there is none
   * @param p50Low lower end of its 95 % interval; empty if there is none
   * @param p50High upper end of that interval
   * @param layersMoved how many medians of single layers moved against earlier runs
   */
  public record Written(
      String runId,
      String model,
      long documents,
      long tokens,
      long unusableRatios,
      OptionalDouble p50,
      OptionalDouble p50Low,
      OptionalDouble p50High,
      long layersMoved) {}

  static AggregateResult of(
      SparkSession spark, AggregateOptions options, List<RunFacts> runs, StageClock clock) {
    String tables = options.tables();
    Map<String, Long> unusable = RunRows.unusable(spark, tables, runs);
    Map<String, Row> medians = medians(spark, tables, runs);
    Map<String, Long> moved = moved(spark, tables, runs);
    List<Written> written = new ArrayList<>();
    for (RunFacts run : runs) {
      String id = run.run().id();
      Optional<Row> median = Optional.ofNullable(medians.get(id));
      written.add(
          new Written(
              id,
              run.run().model(),
              run.documents(),
              run.tokens(),
              unusable.getOrDefault(id, 0L),
              number(median, "p50"),
              number(median, "p50_low"),
              number(median, "p50_high"),
              moved.getOrDefault(id, 0L)));
    }
    clock.finished("summary");
    Map<String, Double> seconds = new LinkedHashMap<>(clock.seconds());
    seconds.put("total", clock.total());
    return new AggregateResult(tables, written, seconds);
  }

  private static Map<String, Row> medians(SparkSession spark, String tables, List<RunFacts> runs) {
    Map<String, Row> medians = new HashMap<>();
    String[] blocks = {LayerSparsityTable.ALL_BLOCKS, runs.get(0).run().blocks().get(0)};
    for (String block : blocks) {
      LayerSparsityTable.TABLE
          .read(spark, tables)
          .where(StatisticsTable.where(runs.stream().map(run -> run.run().id()).toList()))
          .where(functions.col("slice").equalTo(LayerSparsityTable.ALL_TOKENS))
          .where(functions.col("layer").equalTo(LayerSparsityTable.ALL_LAYERS))
          .where(functions.col("block").equalTo(block))
          .select("run_id", "p50", "p50_low", "p50_high")
          .collectAsList()
          .forEach(row -> medians.putIfAbsent(row.getString(0), row));
    }
    return medians;
  }

  private static Map<String, Long> moved(SparkSession spark, String tables, List<RunFacts> runs) {
    Map<String, Long> moved = new HashMap<>();
    DriftTable.TABLE
        .read(spark, tables)
        .where(StatisticsTable.where(runs.stream().map(run -> run.run().id()).toList()))
        .where("moved AND layer >= 0 AND block <> 'all'")
        .groupBy("run_id")
        .count()
        .collectAsList()
        .forEach(row -> moved.put(row.getString(0), row.getLong(1)));
    return moved;
  }

  private static OptionalDouble number(Optional<Row> row, String column) {
    return row.isEmpty() || row.get().isNullAt(row.get().fieldIndex(column))
        ? OptionalDouble.empty()
        : OptionalDouble.of(row.get().<Double>getAs(column));
  }

  /** Lines for people. */
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    for (Written run : runs) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s %s: %,d tokens of %,d documents, median ratio %s",
              run.model(),
              run.runId(),
              run.tokens(),
              run.documents(),
              median(run)));
      if (run.unusableRatios() > 0) {
        lines.add(
            String.format(
                Locale.ROOT,
                "  %,d values are no ratio (NaN, infinite or negative) and were left out: column"
                    + " unusable says where",
                run.unusableRatios()));
      }
      if (run.layersMoved() > 0) {
        lines.add(
            String.format(
                Locale.ROOT,
                "  %,d medians of single layers moved against earlier runs: table drift says which",
                run.layersMoved()));
      }
    }
    lines.add(
        String.format(Locale.ROOT, "Tables in %s, %.1f s in all", tables, seconds.get("total")));
    return lines;
  }

  private static String median(Written run) {
    if (run.p50().isEmpty()) {
      return "not known";
    }
    String median = String.format(Locale.ROOT, "%.4f", run.p50().getAsDouble());
    return run.p50Low().isEmpty()
        ? median
        : String.format(
            Locale.ROOT,
            "%s (95 %%: %.4f to %.4f)",
            median,
            run.p50Low().getAsDouble(),
            run.p50High().getAsDouble());
  }

  /** The result on one line. */
  public String toJson() {
    ObjectNode json = RunManifest.newObject();
    json.put("tables", tables);
    for (Written run : runs) {
      ObjectNode one = json.withArray("runs").addObject();
      one.put("run_id", run.runId());
      one.put("model", run.model());
      one.put("documents", run.documents());
      one.put("tokens", run.tokens());
      one.put("unusable_ratios", run.unusableRatios());
      run.p50().ifPresent(value -> one.put("p50", value));
      run.p50Low().ifPresent(value -> one.put("p50_low", value));
      run.p50High().ifPresent(value -> one.put("p50_high", value));
      one.put("layers_moved", run.layersMoved());
    }
    ObjectNode times = json.putObject("seconds");
    seconds.forEach(times::put);
    return RunManifest.oneLine(json);
  }
}
