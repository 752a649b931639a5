package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.ModelTrendTable;
import io.radialnet.jobs.table.StatisticsTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The slope of the median ratio over the logarithm of the models' size, by family. Of each family
 * the corpus counts that most of its models were run on, so that all were measured on the same
 * texts; of each model its latest run there. Pools do not count.
 */
final class ModelTrend {

  /** A model's median over all layers and tokens that are not special. */
  record Point(Run run, double p50) {}

  /** A slope and its 95 % interval; NaN where it is not known. */
  record Slope(double slope, double low, double high) {}

  private static final double UPPER = 0.975;

  private ModelTrend() {}

  /** All rows of the table, from all runs. */
  static List<Row> rows(SparkSession spark, String tables, Collection<RunFacts> runs) {
    List<Run> chosen = choose(runs);
    List<Row> rows = new ArrayList<>();
    if (chosen.isEmpty()) {
      return rows;
    }
    Map<String, Map<String, List<Point>>> points = points(spark, tables, chosen);
    points
        .values()
        .forEach(blocks -> blocks.forEach((block, family) -> addRows(rows, block, family)));
    return rows;
  }

  /** The latest run of each model on its family's most used corpus. */
  private static List<Run> choose(Collection<RunFacts> runs) {
    Map<String, List<RunFacts>> families =
        runs.stream()
            .filter(facts -> !facts.isPool() && facts.corpusFingerprint().isPresent())
            .sorted(Comparator.comparing(RunFacts::aggregatedAt))
            .collect(
                Collectors.groupingBy(f -> f.run().family(), TreeMap::new, Collectors.toList()));
    List<Run> chosen = new ArrayList<>();
    for (List<RunFacts> family : families.values()) {
      String corpus = mostUsedCorpus(family);
      Map<String, Run> latest = new TreeMap<>();
      family.stream()
          .filter(facts -> facts.corpusFingerprint().get().equals(corpus))
          .forEach(facts -> latest.put(facts.modelFingerprint(), facts.run()));
      chosen.addAll(latest.values());
    }
    return chosen;
  }

  /** The corpus of most models; among equals the one used last. */
  private static String mostUsedCorpus(List<RunFacts> inOrderOfTime) {
    Map<String, Integer> models = new HashMap<>();
    Map<String, HashSet<String>> seen = new HashMap<>();
    String best = "";
    for (RunFacts facts : inOrderOfTime) {
      String corpus = facts.corpusFingerprint().get();
      HashSet<String> ofCorpus = seen.computeIfAbsent(corpus, key -> new HashSet<>());
      ofCorpus.add(facts.modelFingerprint());
      models.put(corpus, ofCorpus.size());
    }
    for (RunFacts facts : inOrderOfTime) {
      String corpus = facts.corpusFingerprint().get();
      if (models.get(corpus) >= models.getOrDefault(best, 0)) {
        best = corpus;
      }
    }
    return best;
  }

  /** By family and block. */
  private static Map<String, Map<String, List<Point>>> points(
      SparkSession spark, String tables, List<Run> runs) {
    Map<String, Run> byId = new HashMap<>();
    runs.forEach(run -> byId.put(run.id(), run));
    Dataset<Row> medians =
        LayerSparsityTable.TABLE
            .read(spark, tables)
            .where(StatisticsTable.where(byId.keySet()))
            .where(functions.col("slice").equalTo(LayerSparsityTable.ALL_TOKENS))
            .where(functions.col("layer").equalTo(LayerSparsityTable.ALL_LAYERS))
            .where("p50 is not null")
            .select("run_id", "block", "p50");
    Map<String, Map<String, List<Point>>> points = new TreeMap<>();
    for (Row row : medians.collectAsList()) {
      Run run = byId.get(row.getString(0));
      points
          .computeIfAbsent(run.family(), key -> new TreeMap<>())
          .computeIfAbsent(row.getString(1), key -> new ArrayList<>())
          .add(new Point(run, row.getDouble(2)));
    }
    return points;
  }

  private static void addRows(List<Row> rows, String block, List<Point> family) {
    Slope slope = slope(family);
    for (Point point : family) {
      rows.add(
          point
              .run()
              .row(ModelTrendTable.TABLE)
              .set("family", point.run().family())
              .set("block", block)
              .set("parameters", point.run().parameters())
              .set("layers", point.run().layers())
              .set("p50", point.p50())
              .number("slope", slope.slope())
              .number("slope_low", slope.low())
              .number("slope_high", slope.high())
              .build());
    }
  }

  /** Least squares, with Student's t over models. */
  static Slope slope(List<Point> points) {
    SimpleRegression line = new SimpleRegression();
    points.forEach(
        point -> line.addData(Math.log10((double) point.run().parameters()), point.p50()));
    long sizes = points.stream().map(point -> point.run().parameters()).distinct().count();
    if (sizes < 2) {
      return new Slope(Double.NaN, Double.NaN, Double.NaN);
    }
    if (points.size() < 3) {
      return new Slope(line.getSlope(), Double.NaN, Double.NaN);
    }
    double half =
        new TDistribution(null, points.size() - 2.0).inverseCumulativeProbability(UPPER)
            * line.getSlopeStdErr();
    return new Slope(line.getSlope(), line.getSlope() - half, line.getSlope() + half);
  }
}
