package io.radialnet.jobs.report;

import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.ModelTrendTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;

/** What plots of whole models show. */
final class ModelFindings {

  private ModelFindings() {}

  static String headline(Statistics statistics) {
    List<ReportRun> runs =
        statistics.ownRuns().stream()
            .filter(run -> !Double.isNaN(median(statistics, run)))
            .sorted(Comparator.comparingDouble(run -> median(statistics, run)))
            .toList();
    if (runs.isEmpty()) {
      return "No run here has a usable ratio.";
    }
    ReportRun least = runs.get(0);
    ReportRun most = runs.get(runs.size() - 1);
    String share =
        String.format(
            Locale.ROOT,
            "; of the additions of %s, %s are under 0.10.",
            least.label(),
            Words.percent(statistics.pooled(least, least.mainBlock()).number("below_10")));
    return runs.size() == 1
        ? "The median residual ratio of "
            + least.label()
            + " is "
            + Words.ratio(median(statistics, least))
            + share
        : String.format(
            Locale.ROOT,
            "The median residual ratio is smallest in %s, %s, and largest in %s, %s%s",
            least.label(),
            Words.ratio(median(statistics, least)),
            most.label(),
            Words.ratio(median(statistics, most)),
            share);
  }

  private static double median(Statistics statistics, ReportRun run) {
    return statistics.pooled(run, run.mainBlock()).number("p50");
  }

  static String trend(Statistics statistics, String family) {
    Rows points = SizeClaim.mainBlock(statistics.of(ModelTrendTable.TABLE).where("family", family));
    List<Row> bySize = new ArrayList<>(points.rows());
    bySize.sort(Comparator.comparingLong(row -> row.<Long>getAs("parameters")));
    Row small = bySize.get(0);
    Row large = bySize.get(bySize.size() - 1);
    double slope = points.number("slope");
    if (Double.isNaN(slope)) {
      return "One size of " + family + " is no trend.";
    }
    double low = points.number("slope_low");
    double high = points.number("slope_high");
    String sure =
        Double.isNaN(low)
            ? "two models give no interval"
            : String.format(
                Locale.ROOT,
                "its 95 %% interval over %s, %s to %s, %s 0",
                Words.count(bySize.size(), "model"),
                Words.signed(low),
                Words.signed(high),
                low <= 0 && high >= 0 ? "holds" : "leaves out");
    return String.format(
        Locale.ROOT,
        "From %s to %s parameters the median of %s goes from %s to %s, %s with ten times the size; %s.",
        Words.parameters(small.<Long>getAs("parameters")),
        Words.parameters(large.<Long>getAs("parameters")),
        family,
        Words.ratio(Rows.number(small, "p50")),
        Words.ratio(Rows.number(large, "p50")),
        Words.signed(slope),
        sure);
  }

  static String threshold(Statistics statistics, ReportRun run) {
    Rows pooled = statistics.pooled(run, run.mainBlock());
    return String.format(
        Locale.ROOT,
        "Of %s, a threshold of 0.05 would skip %s of the blocks of all tokens, 0.10 %s and 0.20 %s.",
        run.label(),
        Words.percent(pooled.number("below_05")),
        Words.percent(pooled.number("below_10")),
        Words.percent(pooled.number("below_20")));
  }

  static String slices(Statistics statistics, ReportRun run) {
    Rows slices =
        statistics
            .of(LayerSparsityTable.TABLE, run)
            .where("block", run.mainBlock())
            .where("layer", LayerSparsityTable.ALL_LAYERS);
    List<Row> byMedian =
        slices.rows().stream()
            .filter(row -> !row.getAs("slice").equals(LayerSparsityTable.ALL_TOKENS))
            .filter(row -> !Double.isNaN(Rows.number(row, "p50")))
            .sorted(Comparator.comparingDouble(row -> Rows.number(row, "p50")))
            .toList();
    if (byMedian.isEmpty()) {
      return run.label() + " has no slices.";
    }
    Row all = slices.where("slice", LayerSparsityTable.ALL_TOKENS).rows().get(0);
    long apart = byMedian.stream().filter(slice -> areApart(slice, all)).count();
    return String.format(
        Locale.ROOT,
        "The medians of slices of %s go from %s (%s) to %s (%s); the intervals of %d of %d do not touch"
            + " that of all tokens (%s).",
        run.label(),
        Words.ratio(Rows.number(byMedian.get(0), "p50")),
        byMedian.get(0).getAs("slice"),
        Words.ratio(Rows.number(byMedian.get(byMedian.size() - 1), "p50")),
        byMedian.get(byMedian.size() - 1).getAs("slice"),
        apart,
        byMedian.size(),
        Words.ratio(Rows.number(all, "p50")));
  }

  private static boolean areApart(Row a, Row b) {
    return Rows.number(a, "p50_low") > Rows.number(b, "p50_high")
        || Rows.number(a, "p50_high") < Rows.number(b, "p50_low");
  }
}
