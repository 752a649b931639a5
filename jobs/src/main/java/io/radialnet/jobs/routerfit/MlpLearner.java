package io.radialnet.jobs.routerfit;

import io.radialnet.jobs.options.FitRoutersOptions;
import io.radialnet.jobs.options.Learner;
import io.radialnet.router.RouterWeights;
import io.radialnet.router.RouterWeights.Around;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A perceptron of one hidden layer, the paper's choice: sigmoid units, then a softmax over two
 * classes. MLlib's takes no weights, so it learns from a {@linkplain Resampling resampled} set.
 */
final class MlpLearner implements RouterLearner {

  /** Rows that are multiplied at once: larger products are faster up to about here. */
  private static final int BLOCK_ROWS = 1024;

  private final FitRoutersOptions options;
  private final int features;
  private final MultilayerPerceptronClassifier classifier;

  MlpLearner(FitRoutersOptions options, int features) {
    this.options = options;
    this.features = features;
    this.classifier =
        new MultilayerPerceptronClassifier()
            .setFeaturesCol(Features.STANDARDISED)
            .setBlockSize(BLOCK_ROWS)
            .setMaxIter(options.iterations())
            .setSeed(options.seed());
  }

  @Override
  public Learner learner() {
    return Learner.MLP;
  }

  @Override
  public PipelineStage classifier() {
    return classifier;
  }

  @Override
  public List<Choice> choices() {
    return options.hidden().stream().map(this::choice).toList();
  }

  private Choice choice(int hidden) {
    int[] layers = {features, hidden, 2};
    return new Choice(new ParamMap().put(classifier.layers().w(layers)), Map.of("hidden", hidden));
  }

  @Override
  public Dataset<Row> trainingSet(Dataset<Row> rows) {
    return Resampling.byWeight(rows);
  }

  /** MLlib's weights: for each layer column by column what each input gives, then the biases. */
  @Override
  public Optional<RouterWeights> weights(
      ProbabilisticClassificationModel<Vector, ?> model, Around around) {
    MultilayerPerceptronClassificationModel fitted =
        (MultilayerPerceptronClassificationModel) (Object) model;
    double[] weights = fitted.weights().toArray();
    int hidden = (weights.length - 2) / (features + 3); // I H + H + 2 H + 2 numbers
    int output = hidden * features + hidden;
    return Optional.of(
        new RouterWeights.Perceptron(
            around,
            rowMajor(weights, 0, hidden, features),
            Arrays.copyOfRange(weights, hidden * features, output),
            rowMajor(weights, output, 2, hidden),
            Arrays.copyOfRange(weights, weights.length - 2, weights.length)));
  }

  private static double[] rowMajor(double[] columnMajor, int from, int rows, int columns) {
    double[] transposed = new double[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[row * columns + column] = columnMajor[from + column * rows + row];
      }
    }
    return transposed;
  }
}
