package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.RatioHistogramTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/** From states to rows of {@code ratio_histogram}. */
final class RatioHistogramRows {

  private RatioHistogramRows() {}

  /** The rows of all slices of some runs. */
  static JavaRDD<Row> of(
      JavaPairRDD<SliceOfRun, Map<Pooling.Cell, RatioState>> states, Map<String, Run> runs) {
    return states.flatMap(
        slice -> {
          Map<Pooling.Cell, long[]> single = new TreeMap<>();
          slice
              ._2()
              .forEach((cell, state) -> single.put(cell, CoarseBins.of(state.groups.total())));
          List<Row> rows = new ArrayList<>();
          Pooling.withPooled(single, cell -> new long[CoarseBins.count()], RatioHistogramRows::sum)
              .forEach(
                  (cell, counts) ->
                      add(rows, runs.get(slice._1().runId()), slice._1().slice(), cell, counts));
          return rows.iterator();
        });
  }

  private static long[] sum(long[] sum, long[] terms) {
    for (int bin = 0; bin < sum.length; bin++) {
      sum[bin] += terms[bin];
    }
    return sum;
  }

  private static void add(List<Row> rows, Run run, String slice, Pooling.Cell cell, long[] counts) {
    for (int bin = 0; bin < counts.length; bin++) {
      if (counts[bin] > 0) {
        rows.add(
            run.row(RatioHistogramTable.TABLE)
                .set("slice", slice)
                .set("block", cell.block())
                .set("layer", cell.layer())
                .set("bin_low", CoarseBins.low(bin))
                .number("bin_high", CoarseBins.high(bin))
                .set("observations", counts[bin])
                .build());
      }
    }
  }
}
