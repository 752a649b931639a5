package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.TokenSparsityTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/** From states to rows of {@code token_sparsity}. */
final class TokenRows {

  private TokenRows() {}

  /** The rows of all runs of a pass, given in their order. */
  static JavaRDD<Row> of(RatioPass pass, List<Run> runs, Broadcast<List<Vocabulary>> vocabularies) {
    List<Run> serialized = List.copyOf(runs);
    return pass.<TokenStates>states(StateKey.Kind.TOKENS)
        .flatMap(
            entry -> {
              StateKey key = entry._1();
              Run run = serialized.get(key.run());
              Vocabulary vocabulary = vocabularies.value().get(key.run());
              List<Row> rows = new ArrayList<>();
              entry._2().forEach((id, state) -> rows.addAll(rows(run, vocabulary, id, state)));
              return rows.iterator();
            });
  }

  private static List<Row> rows(Run run, Vocabulary vocabulary, int id, TokenState state) {
    String example = vocabulary.text(state.example);
    List<Row> rows = new ArrayList<>();
    List<Integer> pooled = new ArrayList<>();
    for (int block = 0; block < run.blocks().size(); block++) {
      String name = run.blocks().get(block);
      rows.add(row(run, vocabulary, id, name, state, List.of(block), example));
      if (!name.equals("layer")) {
        pooled.add(block);
      }
    }
    if (pooled.size() == 2) {
      rows.add(row(run, vocabulary, id, LayerSparsityTable.ALL_BLOCKS, state, pooled, example));
    }
    return rows;
  }

  private static Row row(
      Run run,
      Vocabulary vocabulary,
      int id,
      String block,
      TokenState state,
      List<Integer> blocks,
      String example) {
    long observations = 0;
    double sum = 0;
    Quantiles quantiles = new Quantiles();
    for (int i : blocks) {
      observations += state.observations[i];
      sum += state.sums[i];
      quantiles.merge(state.quantiles[i]);
    }
    return run.row(TokenSparsityTable.TABLE)
        .set("block", block)
        .set("token_id", id)
        .set("token", vocabulary.token(id))
        .set("tokens", state.tokens)
        .number("mean", sum / observations)
        .number("p50", quantiles.at(0.5)[0])
        .set("example", example)
        .set("is_special", state.special)
        .build();
  }
}
