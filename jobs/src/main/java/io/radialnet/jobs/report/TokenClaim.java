package io.radialnet.jobs.report;

import io.radialnet.jobs.report.Claim.Part;
import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.RatioVarianceTable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/** Claim 3: the ratio differs from token to token of one sequence. */
final class TokenClaim {

  /** p90 over p10 in a typical layer from which on tokens differ strongly. */
  private static final double STRONGLY = 2;

  /** p90 over p10 in a typical layer up to which tokens hardly differ. */
  private static final double HARDLY = 1.25;

  /** A rule for all tokens is wrong for at least this share of them, either way. */
  private static final double MINORITY = 0.05;

  private static final List<String> WITHIN_SEQUENCE = List.of("token", "position", "rest");

  private TokenClaim() {}

  static Claim of(Statistics statistics) {
    return Claim.of(
        3,
        "The ratio differs strongly from token to token of one sequence, so that routing must be per"
            + " token, not per sequence or static.",
        "Agrees when, in the typical layer, the ratios of the middle 80 % of the tokens span a factor"
            + " of 2 or more and at least half of the variance inside layers lies within documents;"
            + " contradicts when the factor is at most 1.25 or less than half lies within documents.",
        statistics.ownRuns().stream().map(run -> part(statistics, run)).toList(),
        LayerSparsityTable.TABLE,
        RatioVarianceTable.TABLE);
  }

  private static Part part(Statistics statistics, ReportRun run) {
    double factor = typicalFactor(statistics, run);
    double within = shareWithinDocuments(statistics, run);
    if (Double.isNaN(factor) || Double.isNaN(within)) {
      return new Part(
          run.label(), Verdict.CANNOT_TELL, "Its variance could not be split into components.");
    }
    return new Part(
        run.label(),
        verdict(factor, within),
        String.format(
            Locale.ROOT,
            "In the typical layer the middle 80 %% of the tokens span a factor of %.1f, and %s of the"
                + " variance inside layers lies within documents. %s",
            factor,
            Words.percent(within),
            staticRule(statistics, run)));
  }

  private static Verdict verdict(double factor, double within) {
    if (factor <= HARDLY || within < 0.5) {
      return Verdict.CONTRADICTS;
    }
    return factor >= STRONGLY ? Verdict.AGREES : Verdict.CANNOT_TELL;
  }

  /** The median over layers and blocks of p90 over p10; NaN if there is none. */
  private static double typicalFactor(Statistics statistics, ReportRun run) {
    double[] factors =
        layersOfBlocks(statistics, run)
            .mapToDouble(row -> Rows.number(row, "p90") / Rows.number(row, "p10"))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return factors.length == 0
        ? Double.NaN
        : (factors[(factors.length - 1) / 2] + factors[factors.length / 2]) / 2;
  }

  private static Stream<Row> layersOfBlocks(Statistics statistics, ReportRun run) {
    return run.pooledBlocks().stream()
        .flatMap(block -> statistics.layers(run, block).rows().stream());
  }

  /** Of the variance that does not go with the layer: that which does not go with the document. */
  private static double shareWithinDocuments(Statistics statistics, ReportRun run) {
    Rows variance = statistics.of(RatioVarianceTable.TABLE, run);
    double within = 0;
    double document = 0;
    for (String block : run.pooledBlocks()) {
      Rows components = variance.where("block", block);
      for (String component : WITHIN_SEQUENCE) {
        within += orZero(components.where("component", component).number("variance"));
      }
      document += orZero(components.where("component", "document").number("variance"));
    }
    return within / (within + document);
  }

  private static double orZero(double variance) {
    return Double.isNaN(variance) ? 0 : variance;
  }

  private static String staticRule(Statistics statistics, ReportRun run) {
    double[] below =
        layersOfBlocks(statistics, run).mapToDouble(row -> Rows.number(row, "below_10")).toArray();
    long mixed =
        Arrays.stream(below).filter(share -> share >= MINORITY && share <= 1 - MINORITY).count();
    return String.format(
        Locale.ROOT,
        "Skipping blocks under 0.10 by a rule for all tokens would be wrong for at least 5 %% of them in"
            + " %d of %s.",
        mixed,
        Words.count(below.length, "block"));
  }
}
