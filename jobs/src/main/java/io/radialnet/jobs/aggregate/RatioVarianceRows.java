package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.RatioVarianceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/** From states to rows of {@code ratio_variance}. */
final class RatioVarianceRows {

  private RatioVarianceRows() {}

  /** The rows of all runs of a pass, given in their order. */
  static JavaRDD<Row> of(RatioPass pass, List<Run> runs) {
    List<Run> serialized = List.copyOf(runs);
    JavaPairRDD<Integer, Tuple2<StateKey, State>> types = ofRun(pass.states(StateKey.Kind.TYPES));
    JavaPairRDD<Integer, Tuple2<StateKey, State>> layers = ofRun(pass.states(StateKey.Kind.LAYERS));
    return ofRun(pass.states(StateKey.Kind.VARIANCE))
        .union(types)
        .union(layers)
        .groupByKey()
        .flatMap(run -> rows(serialized.get(run._1()), run._2()).iterator());
  }

  private static JavaPairRDD<Integer, Tuple2<StateKey, State>> ofRun(
      JavaPairRDD<StateKey, State> states) {
    return states.mapToPair(entry -> new Tuple2<>(entry._1().run(), entry));
  }

  private static List<Row> rows(Run run, Iterable<Tuple2<StateKey, State>> states) {
    VarianceSums sums = null;
    LayerMoments[] layers = new LayerMoments[run.blocks().size()];
    List<TypeLevel> types = new ArrayList<>();
    for (Tuple2<StateKey, State> entry : states) {
      if (entry._2() instanceof VarianceSums ofRun) {
        sums = ofRun;
      } else if (entry._2() instanceof LayerMoments ofBlock) {
        layers[entry._1().block()] = ofBlock;
      } else if (entry._2() instanceof TypeLevels some) {
        some.all().forEach(types::add);
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int block = 0; block < layers.length; block++) {
      add(rows, run, block, VarianceComponents.estimate(block, layers[block], sums, types));
    }
    return rows;
  }

  private static void add(List<Row> rows, Run run, int block, Map<String, Double> components) {
    double sum =
        components.values().stream().filter(v -> !v.isNaN()).mapToDouble(v -> Math.max(0, v)).sum();
    components.forEach(
        (component, variance) -> {
          double notNegative = Math.max(0, variance); // NaN stays NaN
          rows.add(
              run.row(RatioVarianceTable.TABLE)
                  .set("block", run.blocks().get(block))
                  .set("component", component)
                  .number("variance", notNegative)
                  .number("share", notNegative / sum)
                  .build());
        });
  }
}
