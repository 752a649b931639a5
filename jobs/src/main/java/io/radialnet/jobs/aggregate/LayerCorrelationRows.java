package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.LayerCorrelationTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/** From states to rows of {@code layer_correlation}. */
final class LayerCorrelationRows {

  private LayerCorrelationRows() {}

  /** The rows of all runs of a pass, given in their order. */
  static JavaRDD<Row> of(RatioPass pass, List<Run> runs) {
    List<Run> serialized = List.copyOf(runs);
    return pass.<LayerMoments>states(StateKey.Kind.LAYERS)
        .flatMap(
            entry -> {
              Run run = serialized.get(entry._1().run());
              return rows(run, run.blocks().get(entry._1().block()), entry._2()).iterator();
            });
  }

  private static List<Row> rows(Run run, String block, LayerMoments moments) {
    List<Row> rows = new ArrayList<>();
    for (int a = 0; a < moments.layers(); a++) {
      for (int b = 0; b < moments.layers(); b++) {
        rows.add(
            run.row(LayerCorrelationTable.TABLE)
                .set("block", block)
                .set("layer_a", a)
                .set("layer_b", b)
                .number("pearson", moments.pearson(a, b))
                .set("tokens", moments.tokens())
                .build());
      }
    }
    return rows;
  }
}
