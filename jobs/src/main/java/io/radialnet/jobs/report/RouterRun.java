package io.radialnet.jobs.report;

import io.radialnet.jobs.table.RouterQualityTable;
import io.radialnet.jobs.table.StatisticsTable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The routers of one run of {@code fit-routers}, as measured on the split test.
 *
 * @param id the run_id of their examples
 * @param label what they are called on the page: the model's name, made unique
 * @param learners fitted, the one with the largest mean AUC first
 * @param blocks routed, of attn and mlp
 * @param quality rows of {@code router_quality}
 * @param reliability rows of {@code router_reliability}
 * @param importance rows of {@code router_importance}
 */
record RouterRun(
    String id,
    String label,
    List<String> learners,
    List<String> blocks,
    Rows quality,
    Rows reliability,
    Rows importance) {

  private static final List<String> BASELINES =
      List.of(RouterQualityTable.PREVIOUS_RATIO, RouterQualityTable.BASE_RATE);

  RouterRun {
    learners = List.copyOf(learners);
    blocks = List.copyOf(blocks);
  }

  /** The runs that have rows in {@code router_quality}, by their model and run_id. */
  static List<RouterRun> of(Rows quality, Rows reliability, Rows importance) {
    Map<String, Long> runsByModel =
        keys(quality).stream().collect(Collectors.groupingBy(Key::model, Collectors.counting()));
    return keys(quality).stream()
        .map(
            key ->
                of(
                    key,
                    runsByModel.get(key.model()) == 1 ? key.model() : key.unique(),
                    quality.where(StatisticsTable.RUN_ID, key.id()),
                    reliability.where(StatisticsTable.RUN_ID, key.id()),
                    importance.where(StatisticsTable.RUN_ID, key.id())))
        .toList();
  }

  private record Key(String id, String model) {
    String unique() {
      return model + " (" + id.substring(0, Math.min(6, id.length())) + ")";
    }
  }

  private static List<Key> keys(Rows quality) {
    return quality.rows().stream()
        .map(row -> new Key(row.getAs(StatisticsTable.RUN_ID), row.getAs(StatisticsTable.MODEL)))
        .distinct()
        .sorted(Comparator.comparing(Key::model).thenComparing(Key::id))
        .toList();
  }

  private static RouterRun of(
      Key key, String label, Rows quality, Rows reliability, Rows importance) {
    Rows all = quality.where("slice", RouterQualityTable.ALL);
    List<String> learners =
        distinct(all, "learner")
            .filter(learner -> !BASELINES.contains(learner))
            .sorted(
                Comparator.comparingDouble(
                    learner -> -orLeast(Rows.mean(all.where("learner", learner), "auc"))))
            .toList();
    return new RouterRun(
        key.id(),
        label,
        learners,
        distinct(all, "block").sorted().toList(),
        quality,
        reliability,
        importance);
  }

  private static double orLeast(double auc) {
    return Double.isNaN(auc) ? -1 : auc;
  }

  private static Stream<String> distinct(Rows rows, String column) {
    return rows.rows().stream().map(row -> row.<String>getAs(column)).distinct();
  }

  /** Quality on all examples, by layer, of a learner or baseline for a block. */
  Rows ofAll(String learner, String block) {
    return of(learner, block).where("slice", RouterQualityTable.ALL);
  }

  /** Quality of a learner or baseline for a block, of all slices. */
  Rows of(String learner, String block) {
    return quality.where("learner", learner).where("block", block);
  }

  /** The slices that are neither all examples nor from one to another. */
  List<String> slices() {
    return distinct(quality, "slice").filter(RouterRun::isOneSlice).sorted().toList();
  }

  private static boolean isOneSlice(String slice) {
    return !slice.equals(RouterQualityTable.ALL) && !slice.contains(RouterQualityTable.TRANSFER);
  }

  /** Quality of what was fitted on one slice and tested on one. */
  Rows transfers() {
    return quality.having(row -> row.<String>getAs("slice").contains(RouterQualityTable.TRANSFER));
  }

  /** The layers whose router for a block is constant. */
  List<Integer> constant(String block) {
    return layers(
        quality
            .where("slice", RouterQualityTable.ALL)
            .where("block", block)
            .where("is_constant", true));
  }

  /** The layers of rows, ascending. */
  static List<Integer> layers(Rows rows) {
    return Arrays.stream(rows.numbers("layer"))
        .mapToObj(layer -> (int) layer)
        .distinct()
        .sorted()
        .toList();
  }
}
