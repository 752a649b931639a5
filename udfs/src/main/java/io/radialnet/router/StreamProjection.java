package io.radialnet.router;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;

/**
 * The part of {@link RouterFeatures} that is computed from the residual stream, on a device.
 * Immutable. Dimensions: N tokens, E hidden size, k numbers of the projection.
 */
public final class StreamProjection {

  private final NDArray matrix; // (E, k)
  private final Kernels kernels;

  private StreamProjection(NDArray matrix, Kernels kernels) {
    this.matrix = matrix;
    this.kernels = kernels;
  }

  /**
   * Brings a matrix to a device.
   *
   * @param matrix of {@link RouterFeatures#projectionMatrix}, (E, k)
   * @param projection k
   * @param scope owns what is on the device
   */
  public static StreamProjection on(float[] matrix, int projection, Scope scope) {
    Shape shape = new Shape(matrix.length / projection, projection);
    return new StreamProjection(scope.manager().create(matrix, shape), Kernels.on(scope.device()));
  }

  /**
   * The projection of a block's input, and behind it the log norm.
   *
   * @param x the residual stream before the block, (N, E)
   * @return float32 (N, k + 1)
   */
  public NDArray of(NDArray x, Scope scope) {
    return kernels.run(scope, "stream_features", x, matrix);
  }
}
