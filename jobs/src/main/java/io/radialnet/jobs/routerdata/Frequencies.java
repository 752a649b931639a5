package io.radialnet.jobs.routerdata;

import io.radialnet.jobs.table.TokenFrequenciesTable;
import io.radialnet.router.RouterFeatures;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** How often each token of the vocabulary occurs in a profile. As large as the vocabulary. */
final class Frequencies {

  private final long[] occurrences; // (V)
  private final long tokens;

  private Frequencies(long[] occurrences, long tokens) {
    this.occurrences = occurrences;
    this.tokens = tokens;
  }

  /** Counts the tokens that are not special. */
  static Frequencies of(Dataset<Row> tokenRatios, int vocabularySize) {
    long[] occurrences = new long[vocabularySize];
    long tokens = 0;
    for (Row row :
        tokenRatios.where("not is_special").groupBy("token_id").count().collectAsList()) {
      occurrences[row.getInt(0)] = row.getLong(1);
      tokens += row.getLong(1);
    }
    return new Frequencies(occurrences, tokens);
  }

  /** Tokens in all. */
  long tokens() {
    return tokens;
  }

  /** (V). */
  float[] logFrequencies() {
    float[] logFrequencies = new float[occurrences.length];
    for (int id = 0; id < logFrequencies.length; id++) {
      logFrequencies[id] = logFrequency(id);
    }
    return logFrequencies;
  }

  private float logFrequency(int id) {
    return RouterFeatures.logFrequency(occurrences[id], tokens, occurrences.length);
  }

  /** Writes those that occur. */
  void write(SparkSession spark, String out) {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < occurrences.length; id++) {
      if (occurrences[id] > 0) {
        rows.add(RowFactory.create(id, occurrences[id], logFrequency(id)));
      }
    }
    TokenFrequenciesTable.write(spark, new Path(out, TokenFrequenciesTable.NAME).toString(), rows);
  }
}
