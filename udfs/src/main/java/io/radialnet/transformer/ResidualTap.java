package io.radialnet.transformer;

import ai.djl.ndarray.NDArray;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import java.util.List;

/**
 * Sees every residual addition of a forward pass, in the order of execution, and may do it. The
 * arrays belong to the pass: a tap that wants to keep something computes it at once. Not
 * thread-safe.
 */
public interface ResidualTap {

  /** Sees nothing. */
  ResidualTap NONE =
      new ResidualTap() {
        @Override
        public void addition(
            int layer, Block block, NDArray before, NDArray update, NDArray after) {}

        @Override
        public void layer(int layer, NDArray before, NDArray after) {}
      };

  /**
   * Does one addition and sees it: in one pass over the numbers, where a tap can.
   *
   * @param before the stream, (N, E)
   * @param update what is added, in parts of rows: [(R1, E), (R2, E), …], N rows in all
   * @param scope owns the result
   * @return before + update, (N, E)
   * @see #addition
   */
  default NDArray add(int layer, Block block, NDArray before, List<NDArray> update, Scope scope) {
    NDArray whole = Kernels.on(scope.device()).run(scope, "joined", update); // (N, E)
    NDArray after = whole.add(before);
    after.attach(scope.manager());
    addition(layer, block, before, whole, after);
    return after;
  }

  /**
   * What this tap knows of a stream that it has seen, which spares the layer's RMSNorm a pass.
   *
   * @param stream (N, E)
   * @return [its L2 norms, (N) float32] or []
   */
  default List<NDArray> norms(NDArray stream) {
    return List.of();
  }

  /**
   * One addition that has been done: after = before + update, all (N, E).
   *
   * @param layer 0-based
   * @param block {@link Block#ATTN} or {@link Block#MLP}
   * @param update what is really added: after any norm or scale of the update
   * @param after the stream right after the addition, before a post-norm
   */
  void addition(int layer, Block block, NDArray before, NDArray update, NDArray after);

  /**
   * The end of a layer.
   *
   * @param before the stream that entered the layer, (N, E)
   * @param after the stream after the layer's last addition, before a post-norm, (N, E)
   */
  void layer(int layer, NDArray before, NDArray after);
}
