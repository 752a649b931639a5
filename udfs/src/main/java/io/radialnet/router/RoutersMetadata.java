package io.radialnet.router;

import java.util.List;
import java.util.Objects;

/**
 * What the routers of a file were fitted for. Immutable.
 *
 * @param modelFingerprint hash of the files of the model whose stream they read
 * @param runId of the examples
 * @param learner {@code mlp} or {@code logistic}
 * @param features how the features are computed from the stream, the JSON object of {@code
 *     examples.json}
 * @param threshold a block can be skipped when its residual ratio is under this, 0 to 1
 * @param shares target shares of tokens that skip a block, ascending, each above 0 and under 1
 */
public record RoutersMetadata(
    String modelFingerprint,
    String runId,
    String learner,
    String features,
    double threshold,
    List<Double> shares) {

  public RoutersMetadata {
    Objects.requireNonNull(modelFingerprint, "modelFingerprint");
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(learner, "learner");
    Objects.requireNonNull(features, "features");
    shares = List.copyOf(shares);
  }
}
