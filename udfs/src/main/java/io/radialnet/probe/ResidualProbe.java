package io.radialnet.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Block;
import io.radialnet.transformer.ResidualTap;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures every residual addition of one pass on the device; only numbers per token are kept.
 * Dimensions: M measures, C columns (blocks x measures), L layers, N tokens, E hidden size. One
 * probe a pass; not thread-safe.
 */
public final class ResidualProbe implements ResidualTap {

  private final ProbePlan plan;
  private final long[] wanted;
  private final Kernels kernels;
  private final Scope scope;
  private final Map<Block, Additions> byBlock = new EnumMap<>(Block.class);

  /** Of a stream that was measured: its norms, (N). */
  private final IdentityHashMap<NDArray, NDArray> streamNorms = new IdentityHashMap<>();

  /** Of the stream at the end of a layer: the norms of what the layer changed, (N). */
  private final IdentityHashMap<NDArray, NDArray> changeNorms = new IdentityHashMap<>();

  /** [the stream that entered the layer, (N, E)] from its first addition on. */
  private List<NDArray> layerInput = List.of();

  /**
   * @param scope of the batch, which owns what is measured
   */
  public ResidualProbe(ProbePlan plan, Scope scope) {
    this.plan = plan;
    this.wanted = plan.measures().stream().mapToLong(ResidualProbe::kernelCode).toArray();
    this.kernels = Kernels.on(scope.device());
    this.scope = scope;
    plan.blocks().forEach(block -> byBlock.put(block, new Additions()));
  }

  /**
   * What is known of a block's additions, of each layer one (N): the measures are made at the end.
   */
  private static final class Additions {
    private final List<NDArray> beforeNorms = new ArrayList<>();
    private final List<NDArray> updateNorms = new ArrayList<>();
    private final List<NDArray> afterNorms = new ArrayList<>();
    private final List<NDArray> dots = new ArrayList<>();
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

  /** Norms are taken in the pass that adds: a second one over the stream would cost as much. */
  @Override
  public NDArray add(int layer, Block block, NDArray before, List<NDArray> update, Scope pass) {
    if (block == Block.ATTN) {
      layerInput = List.of(before);
    }
    List<NDArray> origin =
        block == Block.MLP && byBlock.containsKey(Block.LAYER) ? layerInput : List.of();
    NDArray norms = scope.manager().create(new Shape(3, before.getShape().get(0))); // (3, N)
    NDArray after = kernels.run(pass, "add_with_norms", before, update, origin, norms); // (N, E)
    streamNorms.put(after, norms.get(1));
    if (!origin.isEmpty()) {
      changeNorms.put(after, norms.get(2));
    }
    if (byBlock.containsKey(block)) {
      measure(block, before, norms.get(0), after);
    }
    return after;
  }

  @Override
  public List<NDArray> norms(NDArray stream) {
    NDArray known = streamNorms.get(stream);
    return known == null ? List.of() : List.of(known);
  }

  @Override
  public void addition(int layer, Block block, NDArray before, NDArray update, NDArray after) {
    if (byBlock.containsKey(block)) {
      measure(block, before, kernels.run(scope, "norms", update), after);
    }
  }

  @Override
  public void layer(int layer, NDArray before, NDArray after) {
    if (byBlock.containsKey(Block.LAYER)) {
      NDArray known = changeNorms.get(after);
      NDArray change =
          known != null ? known : kernels.run(scope, "difference_norms", after, before); // (N)
      measure(Block.LAYER, before, change, after);
    }
  }

  private void measure(Block block, NDArray before, NDArray updateNorms, NDArray after) {
    Additions additions = byBlock.get(block);
    additions.updateNorms.add(updateNorms);
    additions.afterNorms.add(normsOf(after));
    if (isWanted(Measure.COSINE) || isWanted(Measure.INPUT_NORM)) {
      additions.beforeNorms.add(normsOf(before));
    }
    if (isWanted(Measure.COSINE)) {
      additions.dots.add(kernels.run(scope, "dots", before, after)); // (N)
    }
  }

  private boolean isWanted(Measure measure) {
    return plan.measures().contains(measure);
  }

  /** The stream after one addition is the stream before the next: its norms are known then. */
  private NDArray normsOf(NDArray stream) {
    return streamNorms.computeIfAbsent(stream, x -> kernels.run(scope, "norms", x)); // (N)
  }

  /** All that was measured, float32 (C, N, L), columns in the plan's order. */
  public NDArray columns() {
    List<NDArray> blocks =
        plan.blocks().stream().map(block -> measured(byBlock.get(block))).toList(); // (M, N, L)
    NDArray columns = NDArrays.concat(new NDList(blocks), 0); // (C, N, L)
    columns.attach(scope.manager());
    return columns;
  }

  private NDArray measured(Additions of) {
    return kernels.run(
        scope,
        "measures",
        of.beforeNorms,
        of.updateNorms,
        of.afterNorms,
        of.dots,
        wanted); // (M, N, L)
  }
}
