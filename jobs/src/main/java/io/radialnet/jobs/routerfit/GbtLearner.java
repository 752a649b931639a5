package io.radialnet.jobs.routerfit;

import io.radialnet.jobs.options.FitRoutersOptions;
import io.radialnet.jobs.options.Learner;
import io.radialnet.router.RouterWeights;
import io.radialnet.router.RouterWeights.Around;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Gradient-boosted trees, the reference for what can be learned; takes weights, no export. */
final class GbtLearner implements RouterLearner {

  private static final double STEP = 0.2;

  private final FitRoutersOptions options;
  private final GBTClassifier classifier;

  GbtLearner(FitRoutersOptions options) {
    this.options = options;
    this.classifier =
        new GBTClassifier()
            .setFeaturesCol(Features.STANDARDISED)
            .setWeightCol("weight")
            .setMaxIter(options.trees())
            .setStepSize(STEP)
            .setSeed(options.seed());
  }

  @Override
  public Learner learner() {
    return Learner.GBT;
  }

  @Override
  public PipelineStage classifier() {
    return classifier;
  }

  @Override
  public List<Choice> choices() {
    return options.depth().stream().map(this::choice).toList();
  }

  private Choice choice(int depth) {
    return new Choice(new ParamMap().put(classifier.maxDepth(), depth), Map.of("depth", depth));
  }

  @Override
  public Dataset<Row> trainingSet(Dataset<Row> rows) {
    return rows;
  }

  @Override
  public Optional<RouterWeights> weights(
      ProbabilisticClassificationModel<Vector, ?> model, Around around) {
    return Optional.empty();
  }
}
