package io.radialnet.jobs.report;

import io.radialnet.jobs.table.RouterQualityTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What plots of routers over slices of the tokens show. */
final class RouterSliceFindings {

  private RouterSliceFindings() {}

  static String slices(RouterRun run, String block, String learner) {
    Map<String, Rows> bySlice = new LinkedHashMap<>();
    for (String slice : run.slices()) {
      Rows ranked = RouterFindings.withAuc(run.of(learner, block).where("slice", slice));
      if (!ranked.isEmpty()) {
        bySlice.put(slice, ranked);
      }
    }
    if (bySlice.isEmpty()) {
      return "No slice of " + block + " can be ranked" + RouterFindings.constant(run, block) + ".";
    }
    List<String> byAuc = new ArrayList<>(bySlice.keySet());
    byAuc.sort(Comparator.comparingDouble(slice -> -Rows.mean(bySlice.get(slice), "auc")));
    String best = byAuc.get(0);
    String worst = byAuc.get(byAuc.size() - 1);
    return String.format(
        Locale.ROOT,
        "For %s, %s ranks best in %s, with an AUC of %s in the mean of its layers, and worst in %s, %s; %s%s.",
        block,
        RouterFindings.named(learner),
        best,
        Words.ratio(Rows.mean(bySlice.get(best), "auc")),
        worst,
        Words.ratio(Rows.mean(bySlice.get(worst), "auc")),
        notAhead(bySlice),
        RouterFindings.constant(run, block));
  }

  private static String notAhead(Map<String, Rows> bySlice) {
    List<String> behind = new ArrayList<>();
    bySlice.forEach(
        (slice, rows) -> {
          List<Integer> layers =
              RouterRun.layers(rows.having(row -> !(Rows.number(row, "gain") > 0)));
          if (!layers.isEmpty()) {
            behind.add(slice + " in " + Words.layers(layers));
          }
        });
    return behind.isEmpty()
        ? "it is ahead of the previous block's ratio in every slice and layer"
        : "no better than the previous block's ratio: " + Words.list(behind);
  }

  static String transfer(RouterRun run, String block) {
    Map<String, Rows> own = new LinkedHashMap<>();
    Map<String, Rows> others = new LinkedHashMap<>();
    Rows transfers = RouterFindings.withAuc(run.transfers().where("block", block));
    transfers.rows().stream()
        .map(row -> row.<String>getAs("slice"))
        .distinct()
        .sorted()
        .forEach(
            slice -> (isOwn(slice) ? own : others).put(slice, transfers.where("slice", slice)));
    if (others.isEmpty()) {
      return "Nothing of " + block + " was fitted on one slice and tested on another.";
    }
    String worst =
        others.keySet().stream()
            .min(Comparator.comparingDouble(slice -> Rows.mean(others.get(slice), "auc")))
            .orElseThrow();
    long chance = others.values().stream().filter(rows -> Rows.mean(rows, "auc") <= 0.5).count();
    return String.format(
        Locale.ROOT,
        "Fitted on one slice alone, %s has an AUC of %s for %s in the mean of slices and layers when it is"
            + " tested on the same slice, of %s on others; it is smallest from %s, %s, and no better"
            + " than chance in %d of %s.",
        RouterFindings.named(transfers.rows().get(0).getAs("learner")),
        own.isEmpty() ? "unknown" : Words.ratio(mean(own)),
        block,
        Words.ratio(mean(others)),
        worst.replace(RouterQualityTable.TRANSFER, " to "),
        Words.ratio(Rows.mean(others.get(worst), "auc")),
        chance,
        Words.count(others.size(), "pair"));
  }

  private static boolean isOwn(String slice) {
    int at = slice.indexOf(RouterQualityTable.TRANSFER);
    return slice
        .substring(0, at)
        .equals(slice.substring(at + RouterQualityTable.TRANSFER.length()));
  }

  private static double mean(Map<String, Rows> bySlice) {
    return bySlice.values().stream()
        .mapToDouble(rows -> Rows.mean(rows, "auc"))
        .average()
        .orElseThrow();
  }
}
