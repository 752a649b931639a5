package io.radialnet.jobs.routerfit;

import io.radialnet.jobs.options.FitRoutersOptions;
import io.radialnet.jobs.options.Learner;
import io.radialnet.router.RouterWeights;
import io.radialnet.router.RouterWeights.Around;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** One kind of classifier: what is fitted, what is chosen among, and how it is exported. */
interface RouterLearner {

  /** Its name. */
  Learner learner();

  /**
   * The classifier, which reads {@link Features#STANDARDISED} and column {@code label}, writes
   * {@code probability}.
   */
  PipelineStage classifier();

  /** The hyperparameters to choose among, one or more, each with how it is told. */
  List<Choice> choices();

  /** What it learns from: the examples as they are, or changed to stand for their weights. */
  Dataset<Row> trainingSet(Dataset<Row> rows);

  /** What the file of routers holds of a fitted classifier; empty if it cannot. */
  Optional<RouterWeights> weights(ProbabilisticClassificationModel<Vector, ?> model, Around around);

  /**
   * One setting of hyperparameters.
   *
   * @param told the same, for people
   */
  record Choice(ParamMap parameters, Map<String, Object> told) {}

  /**
   * The learner of a name.
   *
   * @param features how many there are
   */
  static RouterLearner of(Learner learner, FitRoutersOptions options, int features) {
    return switch (learner) {
      case MLP -> new MlpLearner(options, features);
      case LOGISTIC -> new LogisticLearner(options);
      case GBT -> new GbtLearner(options);
    };
  }
}
