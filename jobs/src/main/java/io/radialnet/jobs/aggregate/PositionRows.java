package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.PositionSparsityTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/** From states to rows of {@code position_sparsity}. */
final class PositionRows {

  private PositionRows() {}

  /** The rows of all runs of a pass, given in their order. */
  static JavaRDD<Row> of(RatioPass pass, List<Run> runs) {
    List<Run> serialized = List.copyOf(runs);
    return pass.<PositionState>states(StateKey.Kind.POSITION)
        .mapToPair(
            entry -> new Tuple2<>(new Tuple2<>(entry._1().run(), entry._1().number()), entry))
        .groupByKey()
        .flatMap(
            bin -> {
              Run run = serialized.get(bin._1()._1());
              Map<Pooling.Cell, PositionState> single = new TreeMap<>();
              for (Tuple2<StateKey, PositionState> entry : bin._2()) {
                StateKey key = entry._1();
                Pooling.Cell cell = new Pooling.Cell(run.blocks().get(key.block()), key.layer());
                single.put(cell, entry._2());
              }
              List<Row> rows = new ArrayList<>();
              Pooling.withPooled(single, PositionState::sameTokens, PositionState::pool)
                  .forEach((cell, state) -> rows.add(row(run, bin._1()._2(), cell, state)));
              return rows.iterator();
            });
  }

  private static Row row(Run run, int bin, Pooling.Cell cell, PositionState state) {
    return run.row(PositionSparsityTable.TABLE)
        .set("block", cell.block())
        .set("layer", cell.layer())
        .set("position_low", PositionBins.low(bin))
        .set("position_high", PositionBins.high(bin))
        .set("tokens", state.tokens)
        .number("mean", state.sum / state.observations)
        .number("p50", state.quantiles.at(0.5)[0])
        .number("below_10", (double) state.below10 / state.observations)
        .build();
  }
}
