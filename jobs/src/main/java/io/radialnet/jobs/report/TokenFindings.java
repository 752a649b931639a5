package io.radialnet.jobs.report;

import io.radialnet.jobs.report.TokenView.Document;
import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.PositionSparsityTable;
import io.radialnet.jobs.table.TokenSparsityTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;

/** What plots of tokens show. */
final class TokenFindings {

  private static final float THRESHOLD = 0.10f;

  private TokenFindings() {}

  static String positions(Statistics statistics, ReportRun run) {
    Rows bins =
        statistics
            .of(PositionSparsityTable.TABLE, run)
            .where("block", run.mainBlock())
            .where("layer", LayerSparsityTable.ALL_LAYERS);
    List<Row> byMedian =
        bins.rows().stream()
            .filter(row -> !Double.isNaN(Rows.number(row, "p50")))
            .sorted(Comparator.comparingDouble(row -> Rows.number(row, "p50")))
            .toList();
    if (byMedian.isEmpty()) {
      return run.label() + " has no usable ratio.";
    }
    Row least = byMedian.get(0);
    Row most = byMedian.get(byMedian.size() - 1);
    return String.format(
        Locale.ROOT,
        "In %s the median is largest at %s, %s, and smallest at %s, %s.",
        run.label(),
        range(most),
        Words.ratio(Rows.number(most, "p50")),
        range(least),
        Words.ratio(Rows.number(least, "p50")));
  }

  private static String range(Row row) {
    int low = row.<Integer>getAs("position_low");
    int last = row.<Integer>getAs("position_high") - 1;
    return low == last ? "position " + low : "positions " + low + " to " + last;
  }

  static String extremes(Statistics statistics, ReportRun run, String block) {
    Rows tokens = statistics.of(TokenSparsityTable.TABLE, run).where("block", block);
    Rows smallest = tokens.where("extreme", "smallest").where("rank", 1);
    Rows largest = tokens.where("extreme", "largest").where("rank", 1);
    if (smallest.isEmpty()) {
      return "There is no token with a usable ratio.";
    }
    return String.format(
        Locale.ROOT,
        "The model adds least to \u2018%s\u2019, %s in the mean of %s, and most to \u2018%s\u2019, %s in the"
            + " mean of %s.",
        smallest.rows().get(0).getAs("token"),
        Words.ratio(smallest.number("mean")),
        Words.count((long) smallest.number("tokens"), "occurrence"),
        largest.rows().get(0).getAs("token"),
        Words.ratio(largest.number("mean")),
        Words.count((long) largest.number("tokens"), "occurrence"));
  }

  /** How many blocks its tokens would run at a threshold. */
  static String document(ReportRun run, Document document) {
    List<Integer> depths = new ArrayList<>();
    int fewest = -1;
    int most = -1;
    for (int token = 0; token < document.tokens().size(); token++) {
      if (!document.tokens().get(token).isSpecial()) {
        int depth = depth(run, document, token);
        fewest = fewest < 0 || depth < depth(run, document, fewest) ? token : fewest;
        most = most < 0 || depth > depth(run, document, most) ? token : most;
        depths.add(depth);
      }
    }
    if (depths.isEmpty()) {
      return "All tokens of this document are special.";
    }
    depths.sort(null);
    return String.format(
        Locale.ROOT,
        "At a threshold of 0.10, tokens of this document run from %d (\u2018%s\u2019) to %d (\u2018%s\u2019) of %s,"
            + " half of them %d or more.",
        depths.get(0),
        TokenTexts.visible(document.tokens().get(fewest).text()),
        depths.get(depths.size() - 1),
        TokenTexts.visible(document.tokens().get(most).text()),
        Words.count((long) run.layers() * run.pooledBlocks().size(), "block"),
        depths.get(depths.size() / 2));
  }

  private static int depth(ReportRun run, Document document, int token) {
    int depth = 0;
    for (String block : run.pooledBlocks()) {
      for (float ratio : document.ratios().get(block).get(token)) {
        depth += ratio < THRESHOLD ? 0 : 1;
      }
    }
    return depth;
  }
}
