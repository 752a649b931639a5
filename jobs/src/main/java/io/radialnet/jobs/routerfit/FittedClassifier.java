package io.radialnet.jobs.routerfit;

import io.radialnet.jobs.options.Learner;
import io.radialnet.router.RouterWeights.Around;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.IsotonicRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * One learner, fitted and calibrated for one router.
 *
 * @param hyperparameters as chosen, by name
 * @param crossValidatedAuc of that choice; empty if there was none to make
 */
record FittedClassifier(
    Learner learner,
    StandardScalerModel scaler,
    ProbabilisticClassificationModel<Vector, ?> classifier,
    IsotonicRegressionModel calibration,
    Map<String, Object> hyperparameters,
    OptionalDouble crossValidatedAuc) {

  /** The calibrated probability that the block can be skipped. */
  static final String CALIBRATED = "calibrated";

  /** What {@link #score} adds to rows of {@link Features#FEATURES}. */
  static final List<String> ADDED =
      List.of(Features.STANDARDISED, "rawPrediction", "probability", "prediction", CALIBRATED);

  /** Adds probabilities to rows of {@link Features#FEATURES}. */
  Dataset<Row> score(Dataset<Row> rows) {
    return calibration.transform(classifier.transform(scaler.transform(rows)));
  }

  /** The whole way from rows of {@code router_examples} to {@link #CALIBRATED}, to be saved. */
  PipelineModel pipeline(Features features, Dataset<Row> examples) {
    List<Transformer> stages = new ArrayList<>(features.stages());
    stages.addAll(List.of(scaler, (Transformer) classifier, calibration));
    // Nothing is left to fit.
    return new Pipeline().setStages(stages.toArray(new PipelineStage[0])).fit(examples);
  }

  /** The uncalibrated probability of one vector of features. */
  double probability(double[] features) {
    return classifier.predictProbability(Vectors.dense(standardised(features))).apply(1);
  }

  private double[] standardised(double[] features) {
    double[] mean = scaler.mean().toArray();
    double[] std = scaler.std().toArray();
    double[] standardised = new double[features.length];
    for (int i = 0; i < features.length; i++) {
      standardised[i] = std[i] == 0 ? 0 : (features[i] - mean[i]) / std[i];
    }
    return standardised;
  }

  /** What surrounds the classifier in the file of routers. */
  Around around(SkipThresholds thresholds) {
    // MLlib makes 0 of a feature that never varied in train.
    double[] scale =
        Arrays.stream(scaler.std().toArray())
            .map(std -> std == 0 ? Double.MAX_VALUE : std)
            .toArray();
    return new Around(
        scaler.mean().toArray(),
        scale,
        calibration.boundaries().toArray(),
        calibration.predictions().toArray(),
        thresholds.thresholds().stream().mapToDouble(Double::doubleValue).toArray());
  }
}
