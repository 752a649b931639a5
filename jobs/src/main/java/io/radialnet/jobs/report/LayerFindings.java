package io.radialnet.jobs.report;

import io.radialnet.jobs.table.LayerCorrelationTable;
import io.radialnet.jobs.table.RatioVarianceTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.Row;

/** What plots over layers show. */
final class LayerFindings {

  private LayerFindings() {}

  static String curve(Statistics statistics, ReportRun run) {
    List<Row> layers =
        run.pooledBlocks().stream()
            .flatMap(block -> statistics.layers(run, block).rows().stream())
            .toList();
    Optional<Row> least = least(layers, row -> Rows.number(row, "p50"));
    Optional<Row> most = least(layers, row -> -Rows.number(row, "p50"));
    if (least.isEmpty()) {
      return run.label() + " has no usable ratio.";
    }
    return String.format(
        Locale.ROOT,
        "In %s the median is largest in %s, %s, and smallest in %s, %s%s.",
        run.label(),
        place(most.orElseThrow()),
        Words.ratio(Rows.number(most.orElseThrow(), "p50")),
        place(least.get()),
        Words.ratio(Rows.number(least.get(), "p50")),
        direction(statistics.layers(run, run.mainBlock())));
  }

  private static String direction(Rows layers) {
    DepthClaim.Halves halves = DepthClaim.Halves.of(layers);
    if (Double.isNaN(halves.early() + halves.late())) {
      return "";
    }
    return "; behind layer 0 it "
        + (halves.late() > halves.early() ? "rises" : "falls")
        + " with depth, from a mean of "
        + Words.ratio(halves.early())
        + " in the first half to "
        + Words.ratio(halves.late())
        + " in the last";
  }

  private static Optional<Row> least(List<Row> rows, ToDoubleFunction<Row> value) {
    return rows.stream()
        .filter(row -> !Double.isNaN(value.applyAsDouble(row)))
        .min(Comparator.comparingDouble(value));
  }

  private static String place(Row row) {
    return row.getAs("block") + " of layer " + row.getAs("layer");
  }

  static String distribution(Statistics statistics, ReportRun run, String block) {
    List<Row> layers = statistics.layers(run, block).rows();
    Optional<Row> widest = least(layers, row -> -spread(row));
    Optional<Row> narrowest = least(layers, LayerFindings::spread);
    if (widest.isEmpty()) {
      return "There is no usable ratio of " + block + ".";
    }
    return String.format(
        Locale.ROOT,
        "Tokens differ most in layer %s: the middle 80 %% of their ratios lie between %s and %s, a factor"
            + " of %.1f; in layer %s they differ least, by a factor of %.1f.",
        widest.get().getAs("layer").toString(),
        Words.ratio(Rows.number(widest.get(), "p10")),
        Words.ratio(Rows.number(widest.get(), "p90")),
        spread(widest.get()),
        narrowest.orElseThrow().getAs("layer").toString(),
        spread(narrowest.orElseThrow()));
  }

  private static double spread(Row row) {
    double spread = Rows.number(row, "p90") / Rows.number(row, "p10");
    return Double.isFinite(spread) ? spread : Double.NaN;
  }

  static String variance(Statistics statistics, ReportRun run) {
    Rows rows = statistics.of(RatioVarianceTable.TABLE, run);
    List<String> clauses = new ArrayList<>();
    for (String block : run.blocks()) {
      Rows components = rows.where("block", block);
      Optional<Row> largest =
          least(
              components.rows().stream()
                  .filter(row -> !row.getAs("component").equals("layer"))
                  .toList(),
              row -> -Rows.number(row, "share"));
      double layer = components.where("component", "layer").number("share");
      if (largest.isPresent() && !Double.isNaN(layer)) {
        clauses.add(
            String.format(
                Locale.ROOT,
                "of %s, %s goes with the layer and %s with %s",
                block,
                Words.percent(layer),
                Words.percent(Rows.number(largest.get(), "share")),
                component(largest.get())));
      }
    }
    return clauses.isEmpty()
        ? "The variance of " + run.label() + " could not be split."
        : "Of the variance " + Words.list(clauses) + ".";
  }

  private static String component(Row row) {
    String component = row.getAs("component");
    return switch (component) {
      case "token" -> "the token's type";
      case "rest" -> "none of these (the rest)";
      default -> "the " + component;
    };
  }

  static String correlation(Statistics statistics, ReportRun run, String block) {
    List<Row> pairs = statistics.of(LayerCorrelationTable.TABLE, run).where("block", block).rows();
    Optional<Row> most = least(pairs, row -> -Rows.number(row, "pearson"));
    Optional<Row> least = least(pairs, row -> Rows.number(row, "pearson"));
    if (most.isEmpty()) {
      return "No two layers have ratios that vary.";
    }
    double neighbours =
        pairs.stream()
            .filter(row -> row.<Integer>getAs("layer_b") == row.<Integer>getAs("layer_a") + 1)
            .mapToDouble(row -> Rows.number(row, "pearson"))
            .filter(Double::isFinite)
            .average()
            .orElse(Double.NaN);
    return String.format(
        Locale.ROOT,
        "The same tokens need layers %s most (%.2f) and layers %s least (%.2f); neighbours have %.2f in"
            + " the mean.",
        pair(most.get()),
        Rows.number(most.get(), "pearson"),
        pair(least.orElseThrow()),
        Rows.number(least.orElseThrow(), "pearson"),
        neighbours);
  }

  private static String pair(Row row) {
    return row.getAs("layer_a") + " and " + row.getAs("layer_b");
  }
}
