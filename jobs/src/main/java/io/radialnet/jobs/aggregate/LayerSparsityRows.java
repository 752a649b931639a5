package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.interval.Interval;
import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.TableRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/** From states to rows of {@code layer_sparsity}. */
final class LayerSparsityRows {

  private LayerSparsityRows() {}

  /** The rows of all slices of some runs. */
  static JavaRDD<Row> of(
      JavaPairRDD<SliceOfRun, Map<Pooling.Cell, RatioState>> states,
      Map<String, Run> runs,
      Bootstrap bootstrap) {
    return states.flatMap(
        slice -> {
          Run run = runs.get(slice._1().runId());
          List<Row> rows = new ArrayList<>();
          SliceStates.withPooled(slice._2())
              .forEach(
                  (cell, state) -> rows.add(row(run, slice._1().slice(), cell, state, bootstrap)));
          return rows.iterator();
        });
  }

  private static Row row(
      Run run, String slice, Pooling.Cell cell, RatioState state, Bootstrap bootstrap) {
    long[] histogram = state.groups.total();
    long observations = Arrays.stream(histogram).sum();
    TableRow row =
        run.row(LayerSparsityTable.TABLE)
            .set("family", run.family())
            .set("modality", run.modality())
            .set("parameters", run.parameters())
            .set("layers", run.layers())
            .set("slice", slice)
            .set("block", cell.block())
            .set("layer", cell.layer())
            .set("tokens", state.tokens)
            .set("observations", observations)
            .set("documents", state.documents)
            .number("mean", state.sums.ratios / observations)
            .number("stddev", standardDeviation(state, observations))
            .number("cosine_mean", state.sums.cosines / state.sums.cosineCount)
            .set("unusable", state.sums.unusable)
            .set("cosine_observations", state.sums.cosineCount)
            .set("document_groups", cell.isPooled() ? null : state.groups.toBytes())
            .strings("members", run.members());
    setQuantiles(row, state, bootstrap);
    setShares(row, histogram, observations);
    return row.set("sketch", state.quantiles.toBytes()).build();
  }

  private static double standardDeviation(RatioState state, long observations) {
    double deviations =
        state.sums.squaredRatios - state.sums.ratios / observations * state.sums.ratios;
    return observations < 2 ? Double.NaN : Math.sqrt(Math.max(0, deviations) / (observations - 1));
  }

  private static void setQuantiles(TableRow row, RatioState state, Bootstrap bootstrap) {
    double[] ranks = LayerSparsityTable.RANKS.stream().mapToDouble(rank -> rank).toArray();
    double[] quantiles = state.quantiles.at(ranks);
    for (int i = 0; i < quantiles.length; i++) {
      row.number(LayerSparsityTable.QUANTILES.get(i), quantiles[i]);
    }
    double median = quantiles[LayerSparsityTable.QUANTILES.indexOf("p50")];
    Interval interval = bootstrap.ofMedian(state.groups, state.documents).holding(median);
    row.number("p50_low", interval.low()).number("p50_high", interval.high());
  }

  private static void setShares(TableRow row, long[] histogram, long observations) {
    for (int i = 0; i < LayerSparsityTable.BELOW.size(); i++) {
      long below = 0;
      for (int bin = 0; bin < RatioBins.endBelow(i); bin++) {
        below += histogram[bin];
      }
      row.number(LayerSparsityTable.BELOW.get(i), (double) below / observations);
    }
  }
}
