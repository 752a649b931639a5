package io.radialnet.jobs.report;

import io.radialnet.jobs.table.StatisticsTable;
import java.util.ArrayList;
import java.util.List;

/**
 * A claim of the paper held against the tables.
 *
 * @param number of the claim
 * @param claim what the paper says
 * @param rule when the data agrees with it or contradicts it
 * @param verdict over all parts
 * @param parts what one model, or family of models, says
 * @param tables that the figures are from
 */
record Claim(
    int number,
    String claim,
    String rule,
    Verdict verdict,
    List<Part> parts,
    List<StatisticsTable> tables) {

  /**
   * What one model, or family of models, says.
   *
   * @param of its name
   * @param verdict of its figures
   * @param figures in words
   */
  record Part(String of, Verdict verdict, String figures) {}

  Claim {
    parts = List.copyOf(parts);
    tables = List.copyOf(tables);
  }

  static Claim of(
      int number, String claim, String rule, List<Part> parts, StatisticsTable... tables) {
    Verdict verdict = Verdict.of(parts.stream().map(Part::verdict).toList());
    return new Claim(number, claim, rule, verdict, parts, List.of(tables));
  }

  /** How the parts are divided, in words. */
  String summary() {
    List<String> counts = new ArrayList<>();
    for (Verdict each : Verdict.values()) {
      long count = parts.stream().filter(part -> part.verdict() == each).count();
      if (count > 0) {
        counts.add(each.counted(count));
      }
    }
    return parts.isEmpty()
        ? "There is nothing here to hold it against."
        : "Of " + parts.size() + ": " + String.join(", ", counts) + ".";
  }
}
