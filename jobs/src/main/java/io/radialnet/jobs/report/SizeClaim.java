package io.radialnet.jobs.report;

import io.radialnet.jobs.report.Claim.Part;
import io.radialnet.jobs.table.ModelTrendTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Row;

/** Claim 2: the median ratio falls as models grow. */
final class SizeClaim {

  /** The paper's medians of OPT-125M and OPT-66B: 20 % and 5.9 %. */
  static final double PAPER_SLOPE = (0.059 - 0.20) / Math.log10(66e9 / 125e6);

  private static final int MIN_SIZES = 3;

  private SizeClaim() {}

  static Claim of(Statistics statistics) {
    Rows trend = statistics.of(ModelTrendTable.TABLE);
    List<Part> parts =
        trend.rows().stream()
            .map(row -> row.<String>getAs("family"))
            .distinct()
            .map(family -> part(family, mainBlock(trend.where("family", family))))
            .toList();
    return Claim.of(
        2,
        "The median ratio falls as models grow (OPT-125M about 20 %, OPT-66B 5.9 %).",
        "Agrees when the 95 % interval of the slope over a family's models lies below 0, contradicts"
            + " when it lies above. It takes at least three sizes.",
        parts,
        ModelTrendTable.TABLE);
  }

  /** The rows of attn and mlp pooled, or of the only block there is. */
  static Rows mainBlock(Rows family) {
    Rows pooled = family.where("block", "all");
    return pooled.isEmpty() && !family.isEmpty()
        ? family.where("block", family.rows().get(0).getAs("block"))
        : pooled;
  }

  private static Part part(String family, Rows points) {
    List<Row> bySize = new ArrayList<>(points.rows());
    bySize.sort(Comparator.comparingLong(row -> row.<Long>getAs("parameters")));
    long sizes = bySize.stream().map(row -> row.<Long>getAs("parameters")).distinct().count();
    if (sizes < 2) {
      return new Part(
          family,
          Verdict.CANNOT_TELL,
          "Only one size of it is here, with a median of "
              + Words.ratio(points.number("p50"))
              + ".");
    }
    double low = points.number("slope_low");
    double high = points.number("slope_high");
    return new Part(
        family,
        sizes < MIN_SIZES ? Verdict.CANNOT_TELL : verdict(low, high),
        medians(bySize) + slope(points.number("slope"), low, high));
  }

  private static Verdict verdict(double low, double high) {
    if (high < 0) {
      return Verdict.AGREES;
    }
    return low > 0 ? Verdict.CONTRADICTS : Verdict.CANNOT_TELL;
  }

  private static String medians(List<Row> bySize) {
    List<String> medians = new ArrayList<>();
    for (Row row : bySize) {
      medians.add(
          Words.ratio(Rows.number(row, "p50"))
              + " at "
              + Words.parameters(row.<Long>getAs("parameters")));
    }
    return "The median is " + Words.list(medians) + " parameters";
  }

  private static String slope(double slope, double low, double high) {
    String change = ", a change of " + Words.signed(slope) + " with ten times the parameters";
    if (Double.isNaN(low)) {
      return change + "; two models give no interval.";
    }
    String interval = " (95 %: " + Words.signed(low) + " to " + Words.signed(high) + ")";
    String paper =
        PAPER_SLOPE >= low && PAPER_SLOPE <= high
            ? ", inside this interval."
            : ", outside of this interval.";
    return change
        + interval
        + "; the paper's two figures give "
        + Words.signed(PAPER_SLOPE)
        + paper;
  }
}
