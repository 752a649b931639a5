package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.Spelling;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The tokens that occur in a profile: how they are spelt and which of them are frequent. From two
 * narrow columns of {@code token_ratios}; as large as the vocabulary at most. Immutable,
 * serialized.
 */
final class Vocabulary implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Tokens seen fewer times than this are pooled in the components of variance. */
  static final int FREQUENT = 20;

  private final Map<Integer, String> tokens;
  private final BitSet frequent;
  private final Spelling spelling;

  Vocabulary(Map<Integer, String> tokens, BitSet frequent) {
    this.tokens = new HashMap<>(tokens);
    this.frequent = (BitSet) frequent.clone();
    this.spelling = Spelling.of(tokens.values());
  }

  /** Reads the table {@code token_ratios}. */
  static Vocabulary of(Dataset<Row> tokenRatios) {
    Map<Integer, String> tokens = new HashMap<>();
    BitSet frequent = new BitSet();
    List<Row> rows =
        tokenRatios
            .where("token_id is not null")
            .groupBy("token_id", "token") // as keys both are hashed; text in a buffer is sorted by
            .agg(functions.count_if(functions.not(functions.col("is_special"))))
            .collectAsList();
    Map<Integer, Long> occurrences = new HashMap<>();
    for (Row row : rows) {
      tokens.merge(row.getInt(0), row.getString(1), Vocabulary::first);
      occurrences.merge(row.getInt(0), row.getLong(2), Long::sum);
    }
    occurrences.forEach((id, count) -> frequent.set(id, count >= FREQUENT));
    return new Vocabulary(tokens, frequent);
  }

  /** Of two spellings of a token always the same. */
  private static String first(String a, String b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  /** Ids of the frequent tokens that are not special. */
  BitSet frequent() {
    return (BitSet) frequent.clone();
  }

  /** A token as the vocabulary spells it. */
  String token(int id) {
    return tokens.get(id);
  }

  /** An example as readable text, its token between [[ and ]]. */
  String text(Example example) {
    List<String> pieces = new ArrayList<>();
    for (int id : example.ids()) {
      pieces.add(tokens.getOrDefault(id, ""));
    }
    int at = example.at();
    return (spelling.text(pieces.subList(0, at))
            + "[["
            + spelling.text(pieces.subList(at, at + 1))
            + "]]"
            + spelling.text(pieces.subList(at + 1, pieces.size())))
        .strip();
  }
}
