package io.radialnet.jobs.routerfit;

import static org.apache.spark.sql.functions.expr;

import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Turns weights into repetitions, for learners that take none: an example of weight w is repeated w
 * N / W times in expectation, where the N examples weigh W together; the whole part of that
 * certainly, one more with the probability of the rest. Which examples are drawn depends on their
 * column {@code draw}, so on the seed and not on how the data is split. An example of a small
 * weight may be left out: a repetition tells all learners that it is rare in the corpus.
 */
final class Resampling {

  private Resampling() {}

  /** The examples, about as many as before, each of weight 1. */
  static Dataset<Row> byWeight(Dataset<Row> rows) {
    Row sums = rows.selectExpr("count(1)", "sum(weight)").head();
    if (sums.getLong(0) == 0) {
      return rows;
    }
    String expected = "weight * " + number(sums.getLong(0) / sums.getDouble(1));
    return rows.withColumn("expected", expr(expected))
        .withColumn("repetitions", expr("int(floor(expected + " + uniform("resampling") + "))"))
        .where("repetitions > 0")
        .withColumn("repetition", expr("explode(sequence(1, repetitions))"))
        .withColumn("weight", expr("1D"))
        .drop("expected", "repetitions", "repetition");
  }

  /** About {@code count} of {@code total} examples, always the same ones. */
  static Dataset<Row> sample(Dataset<Row> rows, long total, long count) {
    return total <= count
        ? rows
        : rows.where(uniform("sample") + " < " + number((double) count / total));
  }

  /** SQL of a number of an example, 0 to 1, independent from one purpose to the next. */
  static String uniform(String purpose) {
    return "(shiftrightunsigned(xxhash64('" + purpose + "', draw), 11) * " + number(0x1p-53) + ")";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.17eD", value);
  }
}
