package io.radialnet.jobs.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Row;

/** What the plot of two runs of one model shows. */
final class DriftFindings {

  private DriftFindings() {}

  /** By the two run_ids with | between them. */
  static Map<String, String> of(Rows drift) {
    Map<String, String> sentences = new LinkedHashMap<>();
    for (Row row : drift.rows()) {
      String key = row.getAs("run_a") + "|" + row.getAs("run_b");
      sentences.computeIfAbsent(
          key,
          runs ->
              sentence(
                  drift.where("run_a", row.getAs("run_a")).where("run_b", row.getAs("run_b"))));
    }
    return sentences;
  }

  private static String sentence(Rows pair) {
    List<Row> layers =
        pair.rows().stream()
            .filter(row -> row.<Integer>getAs("layer") >= 0 && !row.getAs("block").equals("all"))
            .toList();
    long moved = layers.stream().filter(row -> Objects.equals(row.getAs("moved"), true)).count();
    Row largest =
        layers.stream()
            .max(Comparator.comparingDouble(row -> Math.abs(Rows.number(row, "difference"))))
            .orElseThrow();
    return String.format(
        Locale.ROOT,
        "Of %s, %d moved beyond their intervals; the largest difference is that of %s in layer %s, %s.",
        Words.count(layers.size(), "median"),
        moved,
        largest.getAs("block"),
        largest.getAs("layer").toString(),
        Words.signed(Rows.number(largest, "difference")));
  }
}
