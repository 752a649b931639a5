package io.radialnet.jobs.report;

import io.radialnet.jobs.report.Claim.Part;
import io.radialnet.jobs.table.LayerSparsityTable;
import java.util.Arrays;
import java.util.Locale;

/** Claim 4: earlier layers contribute more than later ones, except the very first. */
final class DepthClaim {

  private static final int MIN_LAYERS = 3;

  private DepthClaim() {}

  static Claim of(Statistics statistics) {
    return Claim.of(
        4,
        "Earlier layers contribute more than later ones, except the very first; early exit therefore"
            + " drops the wrong layers.",
        "Layer 0 left out, the mean of the medians of the first half of the layers is compared with"
            + " that of the last half: agrees when its interval lies above the other's, contradicts"
            + " when below. The intervals are the means of the medians' own, which is cautious.",
        statistics.ownRuns().stream().map(run -> part(statistics, run)).toList(),
        LayerSparsityTable.TABLE);
  }

  private static Part part(Statistics statistics, ReportRun run) {
    Rows layers = statistics.layers(run, run.mainBlock());
    Halves halves = Halves.of(layers);
    if (layers.rows().size() < MIN_LAYERS || Double.isNaN(halves.early() + halves.late())) {
      return new Part(
          run.label(),
          Verdict.CANNOT_TELL,
          "It has too few layers with a median to compare early with late.");
    }
    return new Part(run.label(), halves.verdict(), figures(halves, layers.numbers("p50")));
  }

  private static String figures(Halves halves, double[] p50) {
    String compared =
        String.format(
            Locale.ROOT,
            "%s, the mean median is %s; in %s, it is %s",
            layers(1, halves.size()),
            Words.median(halves.early(), halves.earlyLow(), halves.earlyHigh()),
            layers(p50.length - halves.size(), p50.length - 1),
            Words.median(halves.late(), halves.lateLow(), halves.lateHigh()));
    double largest = Arrays.stream(p50).skip(1).max().orElse(Double.NaN);
    double smallest = Arrays.stream(p50).skip(1).min().orElse(Double.NaN);
    String first =
        p50[0] > largest
            ? "more than any other"
            : p50[0] < smallest ? "less than any other" : "neither most nor least";
    return String.format(
        Locale.ROOT,
        "In %s. Layer 0, which the paper excepts, has %s: it contributes %s.",
        compared,
        Words.ratio(p50[0]),
        first);
  }

  private static String layers(int from, int to) {
    return from == to ? "layer " + from : "layers " + from + " to " + to;
  }

  /**
   * The first and the last half of the layers but for layer 0; of an odd number the middle one is
   * in neither.
   *
   * @param size layers in each
   * @param early mean of the medians in the first half
   * @param earlyLow mean of the lower ends of their intervals; NaN where one has none
   * @param earlyHigh mean of the upper ends
   * @param late as {@code early}, in the last half
   * @param lateLow likewise
   * @param lateHigh likewise
   */
  record Halves(
      int size,
      double early,
      double earlyLow,
      double earlyHigh,
      double late,
      double lateLow,
      double lateHigh) {

    static Halves of(Rows layers) {
      int count = layers.rows().size();
      int size = Math.max(0, (count - 1) / 2);
      return new Halves(
          size,
          mean(layers, "p50", 1, size + 1),
          mean(layers, "p50_low", 1, size + 1),
          mean(layers, "p50_high", 1, size + 1),
          mean(layers, "p50", count - size, count),
          mean(layers, "p50_low", count - size, count),
          mean(layers, "p50_high", count - size, count));
    }

    private static double mean(Rows layers, String column, int from, int to) {
      double[] values = layers.numbers(column);
      return from >= to || to > values.length
          ? Double.NaN
          : Arrays.stream(values, from, to).average().orElseThrow();
    }

    Verdict verdict() {
      if (earlyLow > lateHigh) {
        return Verdict.AGREES;
      }
      return earlyHigh < lateLow ? Verdict.CONTRADICTS : Verdict.CANNOT_TELL;
    }
  }
}
