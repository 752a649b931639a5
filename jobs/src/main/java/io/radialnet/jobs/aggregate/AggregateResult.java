package io.radialnet.jobs.aggregate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.progress.StageClock;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.table.LayerSparsityTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a finished {@code aggregate} wrote.
 *
 * @param tables the directory of the tables
 * @param runs one a run that was written, the pool last
 * @param seconds by stage, {@code total} among them
 * @param taskSeconds of the pass over the files by part of the work, summed over tasks
 */
public record AggregateResult(
    String tables,
    List<Written> runs,
    Map<String, Double> seconds,
    Map<String, Double> taskSeconds) {

  /** So many slices and moved layers are told on the terminal; the tables have all. */
  private static final int TOLD = 8;

  /**
   * A run that was written. Medians are of the ratios of attn and mlp over all layers, or of the
   * only block there is.
   *
   * @param runId the profile's run_id, or the pool's name
   * @param model the model's name
   * @param documents profiled
   * @param tokens profiled, special ones included
   * @param unusableRatios values that are no ratio
   * @param p50 median over all tokens that are not special; empty if there is none
   * @param p50Low lower end of its 95 % interval; empty if there is none
   * @param p50High upper end of that interval
   * @param slices the other slices, in the order of their names
   * @param moved medians of single layers that moved against earlier runs, the largest move first
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
      List<Slice> slices,
      List<Moved> moved) {}

  /**
   * A slice of a run.
   *
   * @param name as in the tables: special, first, domain=books
   * @param tokens in it
   * @param p50 median ratio; empty if there is none
   * @param p50Low lower end of its 95 % interval; empty if there is none
   * @param p50High upper end of that interval
   */
  public record Slice(
      String name,
      long tokens,
      OptionalDouble p50,
      OptionalDouble p50Low,
      OptionalDouble p50High) {}

  /**
   * A median that moved beyond its interval.
   *
   * @param earlier run_id of the run compared with
   * @param block attn, mlp or layer
   * @param layer 0-based
   * @param difference this run's median less the earlier one's
   */
  public record Moved(String earlier, String block, int layer, double difference) {}

  static AggregateResult of(
      String tables,
      List<RunFacts> runs,
      Headlines headlines,
      StageClock clock,
      Map<String, Double> taskSeconds) {
    List<Written> written = runs.stream().map(facts -> written(facts, headlines)).toList();
    Map<String, Double> seconds = new LinkedHashMap<>(clock.seconds());
    seconds.put("total", clock.total());
    return new AggregateResult(tables, written, seconds, taskSeconds);
  }

  private static Written written(RunFacts facts, Headlines headlines) {
    Run run = facts.run();
    Headlines.Median median = headlines.median(run);
    return new Written(
        run.id(),
        run.model(),
        facts.documents(),
        facts.tokens(),
        headlines.unusable(run.id()),
        median.p50(),
        median.low(),
        median.high(),
        headlines.slices(run).stream()
            .filter(slice -> !slice.name().equals(LayerSparsityTable.ALL_TOKENS))
            .map(AggregateResult::slice)
            .toList(),
        headlines.moved(run.id()).stream()
            .map(one -> new Moved(one.earlier(), one.block(), one.layer(), one.difference()))
            .toList());
  }

  private static Slice slice(Headlines.Slice slice) {
    Headlines.Median median = slice.median();
    return new Slice(slice.name(), slice.tokens(), median.p50(), median.low(), median.high());
  }

  /** Lines for people. */
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    for (Written run : runs) {
      addRun(lines, run);
    }
    lines.add(
        String.format(Locale.ROOT, "Tables in %s, %.1f s in all", tables, seconds.get("total")));
    return lines;
  }

  private static void addRun(List<String> lines, Written run) {
    lines.add(
        String.format(
            Locale.ROOT,
            "%s %s: %,d tokens of %,d documents, median ratio %s",
            run.model(),
            run.runId(),
            run.tokens(),
            run.documents(),
            median(run.p50(), run.p50Low(), run.p50High())));
    for (Slice slice : run.slices().stream().limit(TOLD).toList()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-20s %,12d tokens  %s",
              slice.name(),
              slice.tokens(),
              median(slice.p50(), slice.p50Low(), slice.p50High())));
    }
    if (run.slices().size() > TOLD) {
      lines.add(String.format(Locale.ROOT, "  and %,d more slices", run.slices().size() - TOLD));
    }
    if (run.unusableRatios() > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %,d values are no ratio (NaN, infinite or negative) and were left out: column unusable"
                  + " says where",
              run.unusableRatios()));
    }
    addMoved(lines, run.moved());
  }

  private static void addMoved(List<String> lines, List<Moved> moved) {
    for (Moved one : moved.stream().limit(TOLD).toList()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  moved against %s: %s %d by %+.4f",
              one.earlier(),
              one.block(),
              one.layer(),
              one.difference()));
    }
    if (moved.size() > TOLD) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  and %,d more medians of layers that moved: see table drift",
              moved.size() - TOLD));
    }
  }

  private static String median(OptionalDouble p50, OptionalDouble low, OptionalDouble high) {
    if (p50.isEmpty()) {
      return "not known";
    }
    String median = String.format(Locale.ROOT, "%.4f", p50.getAsDouble());
    return low.isEmpty()
        ? median
        : String.format(
            Locale.ROOT, "%s (95 %%: %.4f to %.4f)", median, low.getAsDouble(), high.getAsDouble());
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
      putMedian(one, run.p50(), run.p50Low(), run.p50High());
      one.putArray("slices");
      for (Slice slice : run.slices()) {
        ObjectNode ofSlice = one.withArray("slices").addObject();
        ofSlice.put("slice", slice.name()).put("tokens", slice.tokens());
        putMedian(ofSlice, slice.p50(), slice.p50Low(), slice.p50High());
      }
      one.putArray("moved");
      for (Moved moved : run.moved()) {
        ObjectNode ofLayer = one.withArray("moved").addObject();
        ofLayer.put("run_a", moved.earlier()).put("block", moved.block());
        ofLayer.put("layer", moved.layer()).put("difference", moved.difference());
      }
    }
    ObjectNode times = json.putObject("seconds");
    seconds.forEach(times::put);
    ObjectNode tasks = json.putObject("task_seconds");
    taskSeconds.forEach(tasks::put);
    return RunManifest.oneLine(json);
  }

  private static void putMedian(
      ObjectNode json, OptionalDouble p50, OptionalDouble low, OptionalDouble high) {
    p50.ifPresent(value -> json.put("p50", value));
    low.ifPresent(value -> json.put("p50_low", value));
    high.ifPresent(value -> json.put("p50_high", value));
  }
}
