package io.radialnet.jobs.routerfit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.table.RouterQualityTable;
import io.radialnet.transformer.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a finished {@code fit-routers} did. Of the split test and all slices together, unless said
 * otherwise.
 */
public final class FitRoutersResult {

  private static final List<String> BASELINES =
      List.of(RouterQualityTable.PREVIOUS_RATIO, RouterQualityTable.BASE_RATE);

  private final ObjectNode manifest;
  private final String out;
  private final String tables;
  private final List<FittedRouter> routers;

  FitRoutersResult(ObjectNode manifest, String out, String tables, List<FittedRouter> routers) {
    this.manifest = manifest;
    this.out = out;
    this.tables = tables;
    this.routers = List.copyOf(routers);
  }

  /** The content of {@code routers.json}. */
  public ObjectNode manifest() {
    return manifest;
  }

  /** The same on one line. */
  public String toJson() {
    return RunManifest.oneLine(manifest);
  }

  /** Lines for people. */
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %d routers for blocks under %s, fitted on %,d examples of %,d documents",
            manifest.path("model").asText(),
            routers.size(),
            manifest.path("threshold").asText(),
            manifest.path("examples").asLong(),
            manifest.path("documents").path("train").asLong()));
    for (Block block : new Block[] {Block.ATTN, Block.MLP}) {
      List<FittedRouter> ofBlock =
          routers.stream().filter(router -> router.name().block() == block).toList();
      if (!ofBlock.isEmpty()) {
        lines.add(meanAucs(block, ofBlock));
      }
    }
    learners().forEach(learner -> lines.add(comparison(learner)));
    routers.stream()
        .filter(router -> router.constant().isPresent())
        .forEach(
            router -> lines.add("  constant: " + router.name() + ", " + router.constant().get()));
    lines.add(
        String.format(
            Locale.ROOT,
            "Routers in %s, tables in %s, %.1f s in all",
            out,
            tables,
            manifest.path("seconds").path("total").asDouble()));
    return lines;
  }

  private List<String> learners() {
    return List.of(manifest.path("options").path("learner").asText().split(",", -1));
  }

  private String meanAucs(Block block, List<FittedRouter> ofBlock) {
    String means =
        Stream.concat(learners().stream(), BASELINES.stream())
            .map(learner -> learner + " " + meanAuc(learner, ofBlock))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT, "  %s, mean AUC of %d layers: %s", block.column(), ofBlock.size(), means);
  }

  private static String meanAuc(String learner, List<FittedRouter> ofBlock) {
    OptionalDouble mean =
        ofBlock.stream()
            .flatMap(router -> quality(router, learner).stream())
            .mapToDouble(Quality::auc)
            .filter(auc -> !Double.isNaN(auc))
            .average();
    return mean.isPresent() ? String.format(Locale.ROOT, "%.3f", mean.getAsDouble()) : "-";
  }

  /** In which blocks intervals say that a learner is better than both baselines. */
  private String comparison(String learner) {
    List<String> others =
        routers.stream()
            .filter(
                router ->
                    !quality(router, learner).map(Quality::isBetterThanBaselines).orElse(false))
            .map(router -> router.name().toString())
            .toList();
    int better = routers.size() - others.size();
    String line =
        String.format(
            Locale.ROOT,
            "  %s ranks better than both baselines in %d of %d blocks",
            learner,
            better,
            routers.size());
    return others.isEmpty()
        ? line
        : line + "; no better, or not shown, in " + String.join(", ", others);
  }

  private static Optional<Quality> quality(FittedRouter router, String learner) {
    return router.measures().qualities().stream()
        .filter(quality -> quality.learner().equals(learner))
        .filter(quality -> quality.split().equals("test"))
        .filter(quality -> quality.slice().equals(RouterQualityTable.ALL))
        .findFirst();
  }
}
