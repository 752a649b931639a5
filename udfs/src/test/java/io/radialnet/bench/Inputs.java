package io.radialnet.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;

/** Arrays for benchmarks. */
final class Inputs {

  private Inputs() {}

  /** Normally distributed numbers, mean 0, variance 1. */
  static NDArray normal(Scope scope, ElementType dtype, Shape shape) {
    try (Scope local = scope.child()) {
      NDArray float32 = local.manager().randomNormal(0, 1, shape, DataType.FLOAT32);
      return local.release(
          Kernels.on(scope.device()).run(local, "cast", float32, dtype.torchCode()));
    }
  }
}
