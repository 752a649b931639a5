package io.radialnet.jobs.routerfit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.VectorAssembler;

/**
 * The features of one router in the order of {@link io.radialnet.router.RouterFeatures#vector},
 * made of a row of {@code router_examples} by stages of MLlib alone, so that a saved model needs no
 * class of this project.
 */
final class Features {

  /** The vector that the stages end with. */
  static final String FEATURES = "features";

  /** That vector with mean 0 and standard deviation 1. */
  static final String STANDARDISED = "standardised";

  private final List<String> columns = new ArrayList<>();
  private final List<String> expressions = new ArrayList<>();
  private final Map<String, int[]> groups = new LinkedHashMap<>();
  private final int previous;

  /**
   * @param projection how many numbers the stream is projected to
   * @param previous how many ratios are known before the block runs
   */
  Features(int projection, int previous) {
    this.previous = previous;
    addElements("projection", projection);
    add("log_norm");
    addElements("previous_ratios", previous);
    if (previous > 0) {
      groups.put("last_ratio", new int[] {columns.size() - 1});
    }
    expressions.add("float(log1p(position)) AS log_position");
    add("log_position");
    add("log_frequency");
  }

  private void add(String column) {
    groups.put(column, new int[] {columns.size()});
    columns.add(column);
  }

  private void addElements(String array, int count) {
    if (count > 0) {
      groups.put(array, IntStream.range(columns.size(), columns.size() + count).toArray());
    }
    for (int i = 0; i < count; i++) {
      String column = array + "_" + i;
      columns.add(column);
      expressions.add(array + "[" + i + "] AS " + column);
    }
  }

  /** How many there are. */
  int count() {
    return columns.size();
  }

  /** Places in the vector of the features that belong together, by name. */
  Map<String, int[]> groups() {
    return groups;
  }

  /** From a row to the vector {@link #FEATURES}. */
  List<Transformer> stages() {
    return List.of(
        new SQLTransformer()
            .setStatement("SELECT *, " + String.join(", ", expressions) + " FROM __THIS__"),
        new VectorAssembler().setInputCols(columns.toArray(new String[0])).setOutputCol(FEATURES));
  }

  /** What is fitted to bring them to {@link #STANDARDISED}. */
  static StandardScaler scaler() {
    return new StandardScaler()
        .setInputCol(FEATURES)
        .setOutputCol(STANDARDISED)
        .setWithMean(true)
        .setWithStd(true);
  }

  /**
   * SQL of the score of the baseline that goes by the block before: minus its ratio; the same for
   * every token where there is none.
   */
  String previousScore() {
    return previous == 0 ? "0D" : "-double(previous_ratios[" + (previous - 1) + "])";
  }
}
