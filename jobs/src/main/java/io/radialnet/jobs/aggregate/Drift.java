package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.interval.Interval;
import io.radialnet.jobs.table.DriftTable;
import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.StatisticsTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/**
 * Compares the medians of runs of models of one shape, from what {@code layer_sparsity} stores of
 * them: no profile is read again.
 */
final class Drift {

  /** With how many earlier runs a run is compared at most, the latest ones. */
  private static final int MAX_COMPARED = 10;

  /**
   * Two runs to compare.
   *
   * @param a id of the earlier run
   * @param b the later run
   * @param paired whether both are of one corpus
   */
  private record Pair(String a, Run b, boolean paired) implements Serializable {}

  /** What {@code layer_sparsity} has of a run: a state and a median by block and layer. */
  private record Side(Map<Pooling.Cell, RatioState> states, Map<Pooling.Cell, Double> medians) {}

  private Drift() {}

  /** The rows for the latest runs of a directory of tables; their layer_sparsity is written. */
  static JavaRDD<Row> rows(
      SparkSession spark,
      String tables,
      List<RunFacts> latest,
      Collection<RunFacts> earlier,
      Bootstrap bootstrap) {
    List<Pair> pairs = pairs(latest, earlier);
    Set<String> ids = new TreeSet<>();
    pairs.forEach(pair -> ids.addAll(List.of(pair.a(), pair.b().id())));
    if (pairs.isEmpty()) {
      return new JavaSparkContext(spark.sparkContext()).emptyRDD();
    }
    Dataset<Row> stored =
        LayerSparsityTable.TABLE
            .read(spark, tables)
            .where(StatisticsTable.where(ids))
            .where(functions.col("slice").equalTo(LayerSparsityTable.ALL_TOKENS))
            .select("run_id", "block", "layer", "documents", "p50", "document_groups");
    JavaPairRDD<String, Row> byRun =
        stored.javaRDD().mapToPair(row -> new Tuple2<>(row.getString(0), row));
    return byRun
        .flatMapToPair(
            row ->
                pairs.stream()
                    .filter(pair -> row._1().equals(pair.a()) || row._1().equals(pair.b().id()))
                    .map(pair -> new Tuple2<>(pairs.indexOf(pair), row._2()))
                    .iterator())
        .groupByKey()
        .flatMap(group -> compare(pairs.get(group._1()), group._2(), bootstrap).iterator());
  }

  private static List<Pair> pairs(List<RunFacts> latest, Collection<RunFacts> earlier) {
    List<Pair> pairs = new ArrayList<>();
    List<RunFacts> before = new ArrayList<>(earlier);
    for (RunFacts b : latest) {
      before.stream()
          .filter(a -> a.isComparableTo(b))
          .sorted((a, other) -> other.aggregatedAt().compareTo(a.aggregatedAt()))
          .limit(MAX_COMPARED)
          .forEach(a -> pairs.add(new Pair(a.run().id(), b.run(), a.isOfCorpusOf(b))));
      before.add(b);
    }
    return pairs;
  }

  private static List<Row> compare(Pair pair, Iterable<Row> rows, Bootstrap bootstrap) {
    Side a = side(pair.a(), rows);
    Side b = side(pair.b().id(), rows);
    List<Row> compared = new ArrayList<>();
    b.medians()
        .forEach(
            (cell, medianOfB) -> {
              Double medianOfA = a.medians().get(cell);
              if (medianOfA != null) {
                Interval interval =
                    bootstrap
                        .ofDifference(a.states().get(cell), b.states().get(cell), pair.paired())
                        .holding(medianOfB - medianOfA);
                compared.add(row(pair, cell, medianOfA, medianOfB, interval));
              }
            });
    return compared;
  }

  private static Side side(String runId, Iterable<Row> rows) {
    Map<Pooling.Cell, RatioState> single = new TreeMap<>();
    Map<Pooling.Cell, Double> medians = new TreeMap<>();
    for (Row row : rows) {
      if (row.getString(0).equals(runId)) {
        Pooling.Cell cell = new Pooling.Cell(row.getString(1), row.getInt(2));
        if (!row.isNullAt(4)) {
          medians.put(cell, row.getDouble(4));
        }
        if (!row.isNullAt(5)) {
          RatioState state = new RatioState();
          state.documents = row.getLong(3);
          state.groups = DocumentGroups.fromBytes(row.getAs(5));
          single.put(cell, state);
        }
      }
    }
    return new Side(SliceStates.withPooled(single), medians);
  }

  private static Row row(Pair pair, Pooling.Cell cell, double a, double b, Interval interval) {
    boolean known = !Double.isNaN(interval.low());
    return pair.b()
        .row(DriftTable.TABLE)
        .set("run_a", pair.a())
        .set("run_b", pair.b().id())
        .set("block", cell.block())
        .set("layer", cell.layer())
        .set("p50_a", a)
        .set("p50_b", b)
        .set("difference", b - a)
        .number("low", interval.low())
        .number("high", interval.high())
        .set("moved", known ? interval.low() > 0 || interval.high() < 0 : null)
        .build();
  }
}
