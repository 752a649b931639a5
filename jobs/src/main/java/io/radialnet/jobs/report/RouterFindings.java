package io.radialnet.jobs.report;

import io.radialnet.jobs.table.RouterQualityTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/** What plots of routers show, block by block. */
final class RouterFindings {

  private RouterFindings() {}

  /** By the plot's name, then the run's id and what is chosen, with | between them. */
  static Map<String, String> of(RouterStatistics routers) {
    Map<String, String> sentences = new LinkedHashMap<>();
    for (RouterRun run : routers.runs()) {
      sentences.put("router-reliability|" + run.id() + "|all", reliability(run));
      for (String block : run.blocks()) {
        String key = "|" + run.id() + "|" + block;
        sentences.put("router-auc" + key, auc(run, block));
        for (int layer : RouterRun.layers(run.reliability().where("block", block))) {
          sentences.put("router-reliability" + key + "|" + layer, reliability(run, block, layer));
        }
        for (String learner : run.learners()) {
          sentences.put(
              "router-slices" + key + "|" + learner,
              RouterSliceFindings.slices(run, block, learner));
          sentences.put("router-importance" + key + "|" + learner, importance(run, block, learner));
        }
        sentences.put("router-transfer" + key, RouterSliceFindings.transfer(run, block));
      }
    }
    return sentences;
  }

  /** Its learner in words. */
  static String named(String learner) {
    return switch (learner) {
      case "mlp" -> "the perceptron";
      case "logistic" -> "logistic regression";
      case "gbt" -> "the boosted trees";
      default -> learner;
    };
  }

  static String auc(RouterRun run, String block) {
    Optional<String> best =
        run.learners().stream()
            .filter(learner -> !Double.isNaN(meanAuc(run, learner, block)))
            .max(Comparator.comparingDouble(learner -> meanAuc(run, learner, block)));
    if (best.isEmpty()) {
      return "No router of " + block + " can be ranked" + constant(run, block) + ".";
    }
    Rows ranked = withAuc(run.ofAll(best.get(), block));
    return String.format(
        Locale.ROOT,
        "Which tokens can skip %s is told best by %s, with an AUC of %s in the mean of %s (the"
            + " previous block's ratio %s, the base rate %s); %s%s.",
        block,
        named(best.get()),
        Words.ratio(Rows.mean(ranked, "auc")),
        Words.count(ranked.rows().size(), "layer"),
        Words.ratio(meanAuc(run, RouterQualityTable.PREVIOUS_RATIO, block)),
        Words.ratio(meanAuc(run, RouterQualityTable.BASE_RATE, block)),
        notBetter(run, block),
        constant(run, block));
  }

  private static double meanAuc(RouterRun run, String learner, String block) {
    return Rows.mean(run.ofAll(learner, block), "auc");
  }

  static Rows withAuc(Rows rows) {
    return rows.having(row -> !Double.isNaN(Rows.number(row, "auc")));
  }

  private static String notBetter(RouterRun run, String block) {
    Rows ranked =
        withAuc(
            run.quality()
                .where("block", block)
                .where("slice", RouterQualityTable.ALL)
                .where("is_constant", false));
    if (ranked.isEmpty()) {
      return "none is better than the base rate";
    }
    if (ranked.having(row -> !Double.isNaN(Rows.number(row, "gain_low"))).isEmpty()) {
      return "there are no intervals, so none is shown to be better than the baselines";
    }
    List<String> clauses = new ArrayList<>();
    for (String learner : run.learners()) {
      Rows others =
          ranked.where("learner", learner).having(row -> !RouterQualityTable.isBetter(row));
      clauses.add(
          named(learner)
              + (others.isEmpty() ? " nowhere" : " in " + Words.layers(RouterRun.layers(others))));
    }
    return "no better than a baseline, or not shown to be: " + Words.list(clauses);
  }

  /** Where the routers of a block know nothing, as a clause that goes on; perhaps none. */
  static String constant(RouterRun run, String block) {
    List<Integer> constant = run.constant(block);
    List<Integer> unranked = new ArrayList<>();
    for (String learner : run.learners()) {
      unranked.addAll(
          RouterRun.layers(
              run.ofAll(learner, block).having(row -> Double.isNaN(Rows.number(row, "auc")))));
    }
    unranked.removeAll(constant);
    return (constant.isEmpty()
            ? ""
            : "; constant, fitted or calibrated on one class only: " + Words.layers(constant))
        + (unranked.isEmpty()
            ? ""
            : "; no AUC, tested on one class only: "
                + Words.layers(unranked.stream().distinct().sorted().toList()));
  }

  static String reliability(RouterRun run) {
    List<String> clauses = new ArrayList<>();
    for (String learner : withBaseline(run)) {
      Rows rows = run.quality().where("learner", learner).where("slice", RouterQualityTable.ALL);
      Row worst =
          rows.rows().stream()
              .max(Comparator.comparingDouble(row -> Rows.number(row, "calibration_error")))
              .orElseThrow();
      clauses.add(
          String.format(
              Locale.ROOT,
              "%s for %s (most in %s of layer %s, %s)",
              Words.ratio(Rows.mean(rows, "calibration_error")),
              learner.equals(RouterQualityTable.PREVIOUS_RATIO)
                  ? "the previous block's ratio"
                  : named(learner),
              worst.getAs("block"),
              worst.getAs("layer").toString(),
              Words.ratio(Rows.number(worst, "calibration_error"))));
    }
    return "The mean distance of the probabilities given from the shares observed, over all blocks, is "
        + Words.list(clauses)
        + constants(run)
        + ".";
  }

  private static List<String> withBaseline(RouterRun run) {
    return Stream.concat(
            run.learners().stream(),
            run.quality().where("learner", RouterQualityTable.PREVIOUS_RATIO).isEmpty()
                ? Stream.of()
                : Stream.of(RouterQualityTable.PREVIOUS_RATIO))
        .toList();
  }

  private static String constants(RouterRun run) {
    List<String> constants = new ArrayList<>();
    for (String block : run.blocks()) {
      if (!run.constant(block).isEmpty()) {
        constants.add(block + " of " + Words.layers(run.constant(block)));
      }
    }
    return constants.isEmpty()
        ? ""
        : "; constant, with one probability for all tokens: " + Words.list(constants);
  }

  static String reliability(RouterRun run, String block, int layer) {
    List<String> clauses = new ArrayList<>();
    Rows router =
        run.quality()
            .where("block", block)
            .where("layer", layer)
            .where("slice", RouterQualityTable.ALL);
    for (String learner : run.learners()) {
      double error = router.where("learner", learner).number("calibration_error");
      clauses.add(Words.ratio(error) + " for " + named(learner));
    }
    return String.format(
        Locale.ROOT,
        "In %s of layer %d, %s of the tokens could skip; the mean distance of the probabilities given from"
            + " the shares observed is %s%s.",
        block,
        layer,
        Words.percent(router.number("base_rate")),
        Words.list(clauses),
        run.constant(block).contains(layer)
            ? "; its routers are constant, fitted or calibrated on one class only"
            : "");
  }

  static String importance(RouterRun run, String block, String learner) {
    Rows rows = run.importance().where("block", block).where("learner", learner);
    List<String> features =
        rows.rows().stream()
            .map(row -> row.<String>getAs("features"))
            .distinct()
            .sorted(
                Comparator.comparingDouble(
                    name -> -Rows.mean(rows.where("features", name), "importance")))
            .toList();
    if (features.isEmpty()) {
      return "No importance is known for " + named(learner) + constant(run, block) + ".";
    }
    String most = features.get(0);
    String least = features.get(features.size() - 1);
    return String.format(
        Locale.ROOT,
        "For %s %s goes most by %s: shuffled, it costs %s of the AUC in the mean of %s; %s costs"
            + " least, %s%s.",
        block,
        named(learner),
        most,
        Words.ratio(Rows.mean(rows.where("features", most), "importance")),
        Words.count(RouterRun.layers(rows).size(), "layer"),
        least,
        Words.ratio(Rows.mean(rows.where("features", least), "importance")),
        constant(run, block));
  }
}
