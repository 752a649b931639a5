package io.radialnet.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Block;
import io.radialnet.transformer.ResidualTap;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures every residual addition of one pass on the device; only numbers per token are kept.
 * Dimensions: M measures, C columns (blocks x measures), L layers, N tokens. One probe a pass; not
 * thread-safe.
 */
public final class ResidualProbe implements ResidualTap {

  private final ProbePlan plan;
  private final long[] wanted;
  private final Kernels kernels;
  private final Scope scope;
  private final IdentityHashMap<NDArray, NDArray> known = new IdentityHashMap<>();
  private final Map<Block, NDList> byLayer = new EnumMap<>(Block.class);

  /**
   * @param scope of the batch, which owns what is measured
   */
  public ResidualProbe(ProbePlan plan, Scope scope) {
    this.plan = plan;
    this.wanted = plan.measures().stream().mapToLong(ResidualProbe::kernelCode).toArray();
    this.kernels = Kernels.on(scope.device());
    this.scope = scope;
    plan.blocks().forEach(block -> byLayer.put(block, new NDList()));
  }

  /** The number by which the kernel knows a measure. */
  private static long kernelCode(Measure measure) {
    return switch (measure) {
      case RATIO -> 0;
      case COSINE -> 1;
      case INPUT_NORM -> 2;
      case UPDATE_NORM -> 3;
      case OUTPUT_NORM -> 4;
    };
  }

  @Override
  public void addition(int layer, Block block, NDArray before, NDArray update, NDArray after) {
    if (byLayer.containsKey(block)) {
      measure(block, before, kernels.run(scope, "norms", update), after);
    }
  }

  @Override
  public void layer(int layer, NDArray before, NDArray after) {
    if (byLayer.containsKey(Block.LAYER)) {
      measure(Block.LAYER, before, kernels.run(scope, "difference_norms", after, before), after);
    }
  }

  /** update norms (N) */
  private void measure(Block block, NDArray before, NDArray updateNorms, NDArray after) {
    try (updateNorms) {
      NDArray measured =
          kernels.run(
              scope,
              "measures",
              before,
              normsOf(before),
              updateNorms,
              after,
              normsOf(after),
              wanted); // (M, N)
      byLayer.get(block).add(measured);
    }
  }

  /** The stream after one addition is the stream before the next: its norms are known then. */
  private NDArray normsOf(NDArray stream) {
    return known.computeIfAbsent(stream, x -> kernels.run(scope, "norms", x)); // (N)
  }

  /** All that was measured, float32 (C, N, L), columns in the plan's order. */
  public NDArray columns() {
    List<NDArray> blocks =
        plan.blocks().stream()
            .map(block -> NDArrays.stack(byLayer.get(block), -1)) // (M, N, L)
            .toList();
    NDArray columns = NDArrays.concat(new NDList(blocks), 0); // (C, N, L)
    columns.attach(scope.manager());
    return columns;
  }
}
