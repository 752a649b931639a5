package io.radialnet.router;

import ai.djl.ndarray.NDArray;
import io.radialnet.router.RouterFeatures.Inputs;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Block;
import io.radialnet.transformer.ResidualTap;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes from one pass what router examples need of every block: the features of its input and the
 * ratio of its update. All stays on the device until a few are picked. One tap a pass; not
 * thread-safe. Dimensions: L layers, N tokens, E hidden size, k numbers of the projection, S
 * selected (token, block).
 */
public final class ExampleTap implements ResidualTap {

  private final StreamProjection projection;
  private final Inputs inputs;
  private final Kernels kernels;
  private final Scope scope;
  private final List<NDArray> features = new ArrayList<>(); // 2 * L of (N, k + 1)
  private final List<NDArray> ratios = new ArrayList<>(); // 2 * L of (N)

  /**
   * @param inputs of the network's layers
   * @param scope of the batch, which owns what is taken
   */
  public ExampleTap(StreamProjection projection, Inputs inputs, Scope scope) {
    this.projection = projection;
    this.inputs = inputs;
    this.kernels = Kernels.on(scope.device());
    this.scope = scope;
  }

  @Override
  public void addition(int layer, Block block, NDArray before, NDArray update, NDArray after) {
    if (inputs == Inputs.SEQUENTIAL) {
      features.add(projection.of(before, scope));
    }
    ratios.add(kernels.run(scope, "ratio", update, after)); // (N)
  }

  @Override
  public void layer(int layer, NDArray before, NDArray after) {
    if (inputs == Inputs.PARALLEL) { // of one addition, 'before' has the other's update in it
      NDArray both = projection.of(before, scope); // (N, k + 1)
      features.add(both);
      features.add(both);
    }
  }

  /**
   * The features of some blocks' inputs.
   *
   * @param rows each (2 * layer + (1 for mlp)) * N + token
   * @return float32 (S, k + 1): projection, log norm
   */
  public NDArray features(long[] rows) {
    return select(features, rows);
  }

  /**
   * The ratios of some blocks.
   *
   * @param rows as for {@link #features}
   * @return float32 (S)
   */
  public NDArray ratios(long[] rows) {
    return select(ratios, rows);
  }

  private NDArray select(List<NDArray> parts, long[] rows) {
    return kernels.run(scope, "selected", parts, scope.manager().create(rows));
  }
}
