package io.radialnet.jobs.report;

import io.radialnet.jobs.table.DriftTable;
import io.radialnet.jobs.table.ModelTrendTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What plots show, a sentence each, computed from the rows that are plotted.
 *
 * @param sentences by what they are of: the plot's name, then the run's id, perhaps a block, with |
 *     between them
 */
record Findings(Map<String, String> sentences) {

  static Findings of(Statistics statistics, List<TokenView> views, RouterStatistics routers) {
    Map<String, String> sentences = new LinkedHashMap<>();
    sentences.put("headline", ModelFindings.headline(statistics));
    for (String family : families(statistics)) {
      sentences.put("trend|" + family, ModelFindings.trend(statistics, family));
    }
    for (ReportRun run : statistics.runs()) {
      sentences.put("threshold|" + run.id(), ModelFindings.threshold(statistics, run));
      sentences.put("slices|" + run.id(), ModelFindings.slices(statistics, run));
      sentences.put("layers|" + run.id(), LayerFindings.curve(statistics, run));
      sentences.put("variance|" + run.id(), LayerFindings.variance(statistics, run));
      sentences.put("positions|" + run.id(), TokenFindings.positions(statistics, run));
      for (String block : run.tableBlocks()) {
        String key = "|" + run.id() + "|" + block;
        sentences.put("distribution" + key, LayerFindings.distribution(statistics, run, block));
        sentences.put("tokens" + key, TokenFindings.extremes(statistics, run, block));
      }
      for (String block : run.blocks()) {
        sentences.put(
            "correlation|" + run.id() + "|" + block,
            LayerFindings.correlation(statistics, run, block));
      }
    }
    for (TokenView view : views) {
      view.document()
          .ifPresent(
              document ->
                  sentences.put(
                      "document|" + view.run().id(), TokenFindings.document(view.run(), document)));
    }
    DriftFindings.of(statistics.of(DriftTable.TABLE))
        .forEach((runs, sentence) -> sentences.put("drift|" + runs, sentence));
    sentences.putAll(RouterFindings.of(routers));
    return new Findings(sentences);
  }

  private static List<String> families(Statistics statistics) {
    return statistics.of(ModelTrendTable.TABLE).rows().stream()
        .map(row -> row.<String>getAs("family"))
        .distinct()
        .toList();
  }
}
