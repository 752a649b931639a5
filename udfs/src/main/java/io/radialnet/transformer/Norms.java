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
    return apply(x, List.of(), weights, scope);
  }

  /**
   * The normed x, (N, E), of which something may be known.
   *
   * @param l2Norms [the L2 norms of x, (N) float32] or []
   */
  NDArray apply(NDArray x, List<NDArray> l2Norms, List<NDArray> weights, Scope scope) {
    return kernels.run(scope, "normed", x, weights, l2Norms, norm.epsilon());
  }
}
