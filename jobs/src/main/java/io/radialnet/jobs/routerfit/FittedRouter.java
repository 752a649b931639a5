package io.radialnet.jobs.routerfit;

import io.radialnet.jobs.options.Learner;
import io.radialnet.router.RouterName;
import io.radialnet.router.RouterWeights;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A router that was fitted: what is written of it.
 *
 * @param counts of its examples
 * @param constant why it says the same of every token; empty if it does not
 * @param learners what was fitted; empty for a constant router
 * @param measures its quality
 * @param importances of its features
 * @param seconds that the fit took
 */
record FittedRouter(
    RouterName name,
    Survey.Counts counts,
    Optional<String> constant,
    List<Fitted> learners,
    RouterMeasures measures,
    List<Importance> importances,
    double seconds) {

  /**
   * One learner of it.
   *
   * @param weights what the file of routers holds of it; empty if it cannot be exported
   */
  record Fitted(
      Learner learner,
      Map<String, Object> hyperparameters,
      OptionalDouble crossValidatedAuc,
      Optional<RouterWeights> weights) {}

  /** What the file of a learner's routers holds of this one; empty if it cannot be exported. */
  Optional<RouterWeights> weights(Learner learner) {
    if (constant.isPresent()) {
      return Optional.of(new RouterWeights.Constant(counts.baseRate()));
    }
    return learners.stream()
        .filter(fitted -> fitted.learner() == learner)
        .findFirst()
        .flatMap(Fitted::weights);
  }
}
