package io.radialnet.jobs.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.options.ReportOptions;
import io.radialnet.jobs.progress.StageClock;
import io.radialnet.jobs.provenance.RunManifest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a finished {@code report} wrote.
 *
 * @param out the page
 * @param bytes its size
 * @param models one a run, in the order of the page
 * @param verdicts on the paper's claims, by their number: agrees, contradicts or cannot tell
 * @param seconds by stage, {@code total} among them
 */
public record ReportResult(
    String out,
    long bytes,
    List<Model> models,
    Map<Integer, String> verdicts,
    Map<String, Double> seconds) {

  /**
   * The headline figures of a run. Numbers that are not known are NaN.
   *
   * @param label what the page calls it
   * @param parameters of the model
   * @param p50 median ratio of attn and mlp over all layers, or of the only block there is
   * @param p50Low lower end of its 95 % interval
   * @param p50High upper end of that interval
   * @param below10 share of these ratios under 0.10
   * @param medians by block, attn and mlp or the only one: the median of each layer
   */
  public record Model(
      String label,
      long parameters,
      double p50,
      double p50Low,
      double p50High,
      double below10,
      Map<String, List<Double>> medians) {

    private static Model of(Statistics statistics, ReportRun run) {
      Rows pooled = statistics.pooled(run, run.mainBlock());
      Map<String, List<Double>> medians = new LinkedHashMap<>();
      for (String block : run.pooledBlocks()) {
        double[] layers = statistics.layers(run, block).numbers("p50");
        medians.put(block, Arrays.stream(layers).boxed().toList());
      }
      return new Model(
          run.label(),
          run.parameters(),
          pooled.number("p50"),
          pooled.number("p50_low"),
          pooled.number("p50_high"),
          pooled.number("below_10"),
          medians);
    }
  }

  static ReportResult of(
      ReportOptions options,
      Statistics statistics,
      List<Claim> claims,
      long bytes,
      StageClock clock) {
    Map<Integer, String> verdicts = new LinkedHashMap<>();
    claims.forEach(claim -> verdicts.put(claim.number(), claim.verdict().toString()));
    Map<String, Double> seconds = new LinkedHashMap<>(clock.seconds());
    seconds.put("total", clock.total());
    return new ReportResult(
        options.out(),
        bytes,
        statistics.runs().stream().map(run -> Model.of(statistics, run)).toList(),
        verdicts,
        seconds);
  }

  /** A table of the models, for people. */
  public List<String> table() {
    int width = models.stream().mapToInt(model -> model.label().length()).max().orElse(0);
    width = Math.max(width, "model".length());
    List<String> lines = new ArrayList<>();
    lines.add(row(width, "model", "parameters", "median", "95 % interval", "under 0.10"));
    for (Model model : models) {
      lines.add(
          row(
              width,
              model.label(),
              Words.parameters(model.parameters()),
              Words.ratio(model.p50()),
              Double.isNaN(model.p50Low()) ? "-" : Words.interval(model.p50Low(), model.p50High()),
              Words.percent(model.below10())));
    }
    return lines;
  }

  private static String row(int width, String model, String... cells) {
    return String.format(
        Locale.ROOT,
        "%-" + width + "s  %10s  %8s  %16s  %10s",
        model,
        cells[0],
        cells[1],
        cells[2],
        cells[3]);
  }

  /** Lines for people. */
  public List<String> summary() {
    List<String> lines = new ArrayList<>(table());
    verdicts.forEach((claim, verdict) -> lines.add("Claim " + claim + " of the paper: " + verdict));
    lines.add(
        String.format(
            Locale.ROOT,
            "Page of %,d kB in %s, %.1f s in all",
            bytes / 1000,
            out,
            seconds.get("total")));
    return lines;
  }

  /** The result on one line. */
  public String toJson() {
    ObjectNode json = RunManifest.newObject();
    json.put("out", out).put("bytes", bytes);
    for (Model model : models) {
      ObjectNode one = json.withArray("models").addObject();
      one.put("model", model.label()).put("parameters", model.parameters());
      putNumber(one, "p50", model.p50());
      putNumber(one, "p50_low", model.p50Low());
      putNumber(one, "p50_high", model.p50High());
      putNumber(one, "below_10", model.below10());
    }
    ObjectNode claims = json.putObject("claims");
    verdicts.forEach((claim, verdict) -> claims.put(claim.toString(), verdict));
    ObjectNode times = json.putObject("seconds");
    seconds.forEach(times::put);
    return RunManifest.oneLine(json);
  }

  private static void putNumber(ObjectNode json, String key, double value) {
    if (!Double.isNaN(value)) {
      json.put(key, value);
    }
  }
}
