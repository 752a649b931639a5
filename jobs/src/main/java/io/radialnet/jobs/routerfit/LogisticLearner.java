package io.radialnet.jobs.routerfit;

import io.radialnet.jobs.options.FitRoutersOptions;
import io.radialnet.jobs.options.Learner;
import io.radialnet.router.RouterWeights;
import io.radialnet.router.RouterWeights.Around;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Logistic regression with an L2 penalty; takes weights. */
final class LogisticLearner implements RouterLearner {

  private final FitRoutersOptions options;
  private final LogisticRegression classifier;

  LogisticLearner(FitRoutersOptions options) {
    this.options = options;
    this.classifier =
        new LogisticRegression()
            .setFeaturesCol(Features.STANDARDISED)
            .setWeightCol("weight")
            .setStandardization(false) // the features are
            .setMaxIter(options.iterations());
  }

  @Override
  public Learner learner() {
    return Learner.LOGISTIC;
  }

  @Override
  public PipelineStage classifier() {
    return classifier;
  }

  @Override
  public List<Choice> choices() {
    return options.regularization().stream().map(this::choice).toList();
  }

  private Choice choice(double penalty) {
    return new Choice(
        new ParamMap().put(classifier.regParam(), penalty), Map.of("regularization", penalty));
  }

  @Override
  public Dataset<Row> trainingSet(Dataset<Row> rows) {
    return rows;
  }

  @Override
  public Optional<RouterWeights> weights(
      ProbabilisticClassificationModel<Vector, ?> model, Around around) {
    LogisticRegressionModel fitted = (LogisticRegressionModel) (Object) model;
    return Optional.of(
        new RouterWeights.Logistic(around, fitted.coefficients().toArray(), fitted.intercept()));
  }
}
