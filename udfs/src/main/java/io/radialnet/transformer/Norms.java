package io.radialnet.transformer;

import ai.djl.ndarray.NDArray;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import java.util.List;

/** Applies one architecture's kind of norm. */
record Norms(Architecture.Norm norm, Kernels kernels) {

  /**
   * The normed x, (N, E).
   *
   * @param weights [weight, bias] for LayerNorm, [weight] for RMSNorm, each (E)
   */
  NDArray apply(NDArray x, List<NDArray> weights, Scope scope) {
    return switch (norm.kind()) {
      case LAYER ->
          kernels.run(scope, "layer_norm", x, weights.get(0), weights.get(1), norm.epsilon());
      case RMS, RMS_ONE_PLUS -> kernels.run(scope, "rms_norm", x, weights.get(0), norm.epsilon());
    };
  }
}
