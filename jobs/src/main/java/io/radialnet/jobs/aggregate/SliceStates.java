package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.StatisticsTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * The states behind {@code layer_sparsity}, by slice of a run: of single blocks and layers, from
 * which all pooled ones follow. They come from a pass over a profile, or from rows of the table.
 */
final class SliceStates {

  private SliceStates() {}

  /** From a pass over profiles, given in the order of their runs. */
  static JavaPairRDD<SliceOfRun, CellState> of(RatioPass pass, List<Run> runs) {
    List<Run> serialized = List.copyOf(runs);
    return pass.<RatioState>states(StateKey.Kind.SLICE)
        .mapToPair(
            entry -> {
              StateKey key = entry._1();
              Run run = serialized.get(key.run());
              Pooling.Cell cell = new Pooling.Cell(run.blocks().get(key.block()), key.layer());
              return new Tuple2<>(
                  new SliceOfRun(run.id(), key.slice()), new CellState(cell, entry._2()));
            });
  }

  /** From rows of {@code layer_sparsity}, of which those that pool others are left out. */
  static JavaPairRDD<SliceOfRun, CellState> of(Dataset<Row> layerSparsity) {
    return layerSparsity
        .where("document_groups is not null")
        .javaRDD()
        .mapToPair(
            row -> {
              SliceOfRun slice =
                  new SliceOfRun(row.getAs(StatisticsTable.RUN_ID), row.<String>getAs("slice"));
              return new Tuple2<>(slice, stored(row));
            });
  }

  private static CellState stored(Row row) {
    long observations = row.<Long>getAs("observations");
    double mean = orZero(row.getAs("mean"));
    double stddev = orZero(row.getAs("stddev"));
    RatioState state = new RatioState();
    state.tokens = row.<Long>getAs("tokens");
    state.documents = row.<Long>getAs("documents");
    state.sums.unusable = row.<Long>getAs("unusable");
    state.sums.ratios = mean * observations;
    state.sums.squaredRatios = stddev * stddev * (observations - 1) + mean * mean * observations;
    state.sums.cosineCount = row.<Long>getAs("cosine_observations");
    state.sums.cosines = orZero(row.getAs("cosine_mean")) * state.sums.cosineCount;
    state.quantiles = Quantiles.fromBytes(row.getAs("sketch"));
    state.groups = DocumentGroups.fromBytes(row.getAs("document_groups"));
    Pooling.Cell cell = new Pooling.Cell(row.getAs("block"), row.<Integer>getAs("layer"));
    return new CellState(cell, state);
  }

  private static double orZero(Double value) {
    return value == null ? 0 : value;
  }

  /** The states of each slice together, those of one block and layer merged. */
  static JavaPairRDD<SliceOfRun, Map<Pooling.Cell, RatioState>> bySlice(
      JavaPairRDD<SliceOfRun, CellState> states) {
    return states
        .groupByKey()
        .mapValues(
            cells -> {
              Map<Pooling.Cell, RatioState> merged = new TreeMap<>();
              cells.forEach(one -> merged.merge(one.cell(), one.state(), RatioState::merge));
              return merged;
            });
  }

  /** Adds the pooled states. */
  static Map<Pooling.Cell, RatioState> withPooled(Map<Pooling.Cell, RatioState> single) {
    return Pooling.withPooled(single, RatioState::sameTokens, RatioState::pool);
  }
}
