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
    return pass.<TokenSummaries>states(StateKey.Kind.TOKENS)
        .flatMap(
            entry -> {
              StateKey key = entry._1();
              Run run = serialized.get(key.run());
              Vocabulary vocabulary = vocabularies.value().get(key.run());
              List<Row> rows = new ArrayList<>();
              entry
                  ._2()
                  .byToken()
                  .forEach((id, summary) -> rows.addAll(rows(run, vocabulary, id, summary)));
              return rows.iterator();
            });
  }

  private static List<Row> rows(Run run, Vocabulary vocabulary, int id, TokenSummary summary) {
    List<String> blocks = new ArrayList<>(run.blocks());
    if (summary.means().length > blocks.size()) {
      blocks.add(LayerSparsityTable.ALL_BLOCKS);
    }
    String example = vocabulary.text(summary.example());
    List<Row> rows = new ArrayList<>();
    for (int block = 0; block < blocks.size(); block++) {
      rows.add(
          run.row(TokenSparsityTable.TABLE)
              .set("block", blocks.get(block))
              .set("token_id", id)
              .set("token", vocabulary.token(id))
              .set("tokens", summary.tokens())
              .number("mean", summary.means()[block])
              .number("p50", summary.medians()[block])
              .set("example", example)
              .set("is_special", summary.special())
              .build());
    }
    return rows;
  }
}
