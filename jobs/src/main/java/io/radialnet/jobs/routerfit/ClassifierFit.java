package io.radialnet.jobs.routerfit;

import static org.apache.spark.sql.functions.expr;

import io.radialnet.jobs.options.FitRoutersOptions;
import io.radialnet.jobs.routerfit.RouterLearner.Choice;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.IsotonicRegression;
import org.apache.spark.ml.regression.IsotonicRegressionModel;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Fits one learner for one router: hyperparameters by cross-validation over the folds of the split
 * train, the classifier on train, the calibration on validation with the true weights.
 */
final class ClassifierFit {

  private final RouterLearner learner;
  private final FitRoutersOptions options;

  ClassifierFit(RouterLearner learner, FitRoutersOptions options) {
    this.learner = learner;
    this.options = options;
  }

  /**
   * A choice of hyperparameters.
   *
   * @param auc cross-validated; empty if there was nothing to choose among
   */
  record Chosen(Choice choice, OptionalDouble auc) {}

  /**
   * Chooses hyperparameters.
   *
   * @param train rows of {@link Features#FEATURES}
   * @param count how many these are
   */
  Chosen choose(Dataset<Row> train, long count) {
    List<Choice> choices = learner.choices();
    Chosen first = new Chosen(choices.get(0), OptionalDouble.empty());
    if (choices.size() == 1) {
      return first;
    }
    Dataset<Row> sample =
        learner
            .trainingSet(Resampling.sample(train, count, options.tuneExamples()))
            .select("fold", "label", "weight", Features.FEATURES)
            .persist();
    try {
      List<Integer> folds =
          sample.select("fold").distinct().collectAsList().stream()
              .map(row -> row.getInt(0))
              .sorted()
              .toList();
      return folds.size() < 2 ? first : crossValidated(sample, folds, choices);
    } finally {
      sample.unpersist();
    }
  }

  /** A small sample may lack a fold: those there are get numbers without a gap. */
  private Chosen crossValidated(Dataset<Row> sample, List<Integer> folds, List<Choice> choices) {
    String present = folds.stream().map(String::valueOf).collect(Collectors.joining(", "));
    CrossValidatorModel fitted =
        new CrossValidator()
            .setEstimator(estimator())
            .setEstimatorParamMaps(
                choices.stream().map(Choice::parameters).toArray(ParamMap[]::new))
            .setEvaluator(
                new BinaryClassificationEvaluator()
                    .setMetricName("areaUnderROC")
                    .setRawPredictionCol("probability")
                    .setWeightCol("weight"))
            .setNumFolds(folds.size())
            .setFoldCol("fold")
            .setSeed(options.seed())
            .fit(
                sample.withColumn(
                    "fold", expr("int(array_position(array(" + present + "), fold) - 1)")));
    double[] aucs = fitted.avgMetrics();
    int best = 0;
    for (int i = 1; i < aucs.length; i++) {
      best = aucs[i] > aucs[best] ? i : best;
    }
    return new Chosen(choices.get(best), OptionalDouble.of(aucs[best]));
  }

  private Pipeline estimator() {
    return new Pipeline().setStages(new PipelineStage[] {Features.scaler(), learner.classifier()});
  }

  /**
   * Fits and calibrates.
   *
   * @param train rows of {@link Features#FEATURES}, of both classes
   * @param validation likewise
   */
  FittedClassifier fit(Dataset<Row> train, Dataset<Row> validation, Chosen chosen) {
    PipelineModel fitted =
        estimator().fit(learner.trainingSet(train), chosen.choice().parameters());
    return new FittedClassifier(
        learner.learner(),
        (StandardScalerModel) fitted.stages()[0],
        probabilistic(fitted.stages()[1]),
        calibration("probability", fitted.transform(validation)),
        chosen.choice().told(),
        chosen.auc());
  }

  /** MLlib's type of such models has a type argument for itself, which nobody needs. */
  @SuppressWarnings("unchecked")
  private static ProbabilisticClassificationModel<Vector, ?> probabilistic(Transformer model) {
    return (ProbabilisticClassificationModel<Vector, ?>) model;
  }

  /**
   * Fits what maps a score, higher for what is likelier skippable, to a probability.
   *
   * @param score a number, or a vector whose second number is meant
   */
  static IsotonicRegressionModel calibration(String score, Dataset<Row> validation) {
    return new IsotonicRegression()
        .setFeaturesCol(score)
        .setFeatureIndex(1)
        .setWeightCol("weight")
        .setPredictionCol(FittedClassifier.CALIBRATED)
        .fit(validation);
  }
}
