package io.radialnet.jobs.routerfit;

import io.radialnet.jobs.options.Learner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * What a learner's AUC loses when a group of features is shuffled among examples: what it goes by,
 * given the others. On a few thousand examples, on the driver.
 *
 * @param features the group's name
 * @param importance auc less the mean auc of shuffles
 * @param auc of the same examples as they are
 */
record Importance(Learner learner, String features, double importance, double auc, long examples) {

  /** About how many examples are shuffled. */
  static final int EXAMPLES = 2_000;

  private static final int SHUFFLES = 2;

  /**
   * Of all groups of features; none where all labels of the examples are the same.
   *
   * @param examples label, weight, features
   * @param groups places of the features by name of their group
   */
  static List<Importance> of(
      FittedClassifier fitted, List<Row> examples, Map<String, int[]> groups, long seed) {
    Sample sample = Sample.of(examples);
    double auc = sample.auc(fitted, sample.features);
    List<Importance> importances = new ArrayList<>();
    if (Double.isNaN(auc)) {
      return importances;
    }
    SplittableRandom random = new SplittableRandom(seed);
    groups.forEach(
        (name, places) -> {
          double sum = 0;
          for (int i = 0; i < SHUFFLES; i++) {
            sum += sample.auc(fitted, sample.shuffled(places, random));
          }
          importances.add(
              new Importance(fitted.learner(), name, auc - sum / SHUFFLES, auc, examples.size()));
        });
    return importances;
  }

  /** Examples on the driver. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sample(Observations observations, double[][] features) {

    static Sample of(List<Row> examples) {
      int count = examples.size();
      boolean[] labels = new boolean[count];
      double[] weights = new double[count];
      double[][] features = new double[count][];
      for (int i = 0; i < count; i++) {
        labels[i] = examples.get(i).getDouble(0) > 0;
        weights[i] = examples.get(i).getDouble(1);
        features[i] = examples.get(i).<Vector>getAs(2).toArray();
      }
      return new Sample(new Observations(labels, weights, new int[count], 1, count), features);
    }

    double auc(FittedClassifier fitted, double[][] given) {
      double[] scores = new double[given.length];
      for (int i = 0; i < given.length; i++) {
        scores[i] = fitted.probability(given[i]);
      }
      return new Ranking(observations, scores).auc();
    }

    /** The features with those of some places taken from another example, drawn at random. */
    double[][] shuffled(int[] places, SplittableRandom random) {
      int[] from = new int[features.length];
      double[][] shuffled = new double[features.length][];
      for (int i = 0; i < from.length; i++) {
        int other = random.nextInt(i + 1);
        from[i] = from[other];
        from[other] = i;
      }
      for (int i = 0; i < from.length; i++) {
        shuffled[i] = features[i].clone();
        for (int place : places) {
          shuffled[i][place] = features[from[i]][place];
        }
      }
      return shuffled;
    }
  }
}
