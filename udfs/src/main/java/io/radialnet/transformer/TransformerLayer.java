package io.radialnet.transformer;

import ai.djl.ndarray.NDArray;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Architecture.Attention;
import io.radialnet.transformer.Architecture.Direction;
import io.radialnet.transformer.Architecture.Gate;
import io.radialnet.transformer.Architecture.LayerAttention;
import java.util.List;

/**
 * One layer: attention and a feed-forward network, each added to the residual stream. Immutable;
 * thread-safe. Dimensions: N tokens, E hidden size, R rotated numbers of a head.
 */
final class TransformerLayer {

  private final int index;
  private final Architecture architecture;
  private final Kernels kernels;
  private final Norms norms;
  private final List<NDArray> attnNorm;
  private final List<NDArray> qkvProj;
  private final List<NDArray> headNorms;
  private final List<NDArray> oProj;
  private final List<NDArray> attnUpdateNorm;
  private final List<NDArray> mlpNorm;
  private final List<NDArray> gateProj;
  private final List<NDArray> upProj;
  private final List<NDArray> downProj;
  private final List<NDArray> mlpUpdateNorm;

  TransformerLayer(int index, Architecture architecture, Weights weights, Kernels kernels) {
    this.index = index;
    this.architecture = architecture;
    this.kernels = kernels;
    this.norms = new Norms(architecture.norm(), kernels);
    this.attnNorm = weights.norm(Part.ATTN_NORM, index);
    this.qkvProj = weights.qkv(index);
    this.headNorms = headNorms(weights);
    this.oProj = weights.linear(Part.O_PROJ, index);
    this.attnUpdateNorm = weights.norm(Part.ATTN_UPDATE_NORM, index);
    this.mlpNorm = weights.norm(Part.MLP_NORM, index);
    this.gateProj = weights.linear(Part.GATE_PROJ, index);
    this.upProj = weights.linear(Part.UP_PROJ, index);
    this.downProj = weights.linear(Part.DOWN_PROJ, index);
    this.mlpUpdateNorm = weights.norm(Part.MLP_UPDATE_NORM, index);
  }

  private List<NDArray> headNorms(Weights weights) {
    List<NDArray> query = weights.norm(Part.Q_NORM, index);
    return query.isEmpty() ? query : List.of(query.get(0), weights.norm(Part.K_NORM, index).get(0));
  }

  /**
   * The stream after this layer, (N, E), created in the scope.
   *
   * @param x the stream before it, (N, E)
   * @param runs of the sequences
   * @param rotary [] or [cosines, sines], each (N, R)
   */
  NDArray forward(NDArray x, long[] runs, List<NDArray> rotary, ResidualTap tap, Scope scope) {
    try (Scope local = scope.child()) {
      return local.release(
          switch (architecture.form()) {
            case PRE_NORM, SANDWICH -> preNorm(x, runs, rotary, tap, local);
            case POST_NORM -> postNorm(x, runs, rotary, tap, local);
            case PARALLEL -> parallel(x, runs, rotary, tap, local);
          });
    }
  }

  private NDArray preNorm(
      NDArray x, long[] runs, List<NDArray> rotary, ResidualTap tap, Scope scope) {
    NDArray a =
        attention(norms.apply(x, tap.norms(x), attnNorm, scope), runs, rotary, scope); // (N, E)
    NDArray y =
        tap.add(index, Block.ATTN, x, normed(List.of(a), attnUpdateNorm, scope), scope); // (N, E)
    List<NDArray> m = mlp(y, mlpNorm, tap.norms(y), scope);
    NDArray z = tap.add(index, Block.MLP, y, normed(m, mlpUpdateNorm, scope), scope); // (N, E)
    tap.layer(index, x, z);
    return z;
  }

  private NDArray postNorm(
      NDArray x, long[] runs, List<NDArray> rotary, ResidualTap tap, Scope scope) {
    NDArray a = attention(x, runs, rotary, scope); // (N, E)
    NDArray y =
        norms.apply(tap.add(index, Block.ATTN, x, List.of(a), scope), attnNorm, scope); // (N, E)
    List<NDArray> m = mlp(y, List.of(), List.of(), scope);
    NDArray z = tap.add(index, Block.MLP, y, m, scope); // (N, E)
    tap.layer(index, x, z);
    return norms.apply(z, mlpNorm, scope);
  }

  private NDArray parallel(
      NDArray x, long[] runs, List<NDArray> rotary, ResidualTap tap, Scope scope) {
    NDArray a = attention(norms.apply(x, attnNorm, scope), runs, rotary, scope); // (N, E)
    List<NDArray> parts = mlp(x, mlpNorm, List.of(), scope);
    NDArray m = kernels.run(scope, "joined", parts); // (N, E)
    NDArray z = m.add(a).add(x); // (N, E)
    tap.addition(index, Block.ATTN, kernels.run(scope, "difference", z, a), a, z);
    tap.addition(index, Block.MLP, kernels.run(scope, "difference", z, m), m, z);
    tap.layer(index, x, z);
    return z;
  }

  private List<NDArray> normed(List<NDArray> update, List<NDArray> weights, Scope scope) {
    return weights.isEmpty()
        ? update
        : update.stream().map(part -> norms.apply(part, weights, scope)).toList();
  }

  private NDArray attention(NDArray x, long[] runs, List<NDArray> rotary, Scope scope) {
    Attention attention = architecture.attention();
    LayerAttention here = attention.layers().get(index);
    return kernels.run(
        scope,
        "attention_block",
        x,
        qkvProj,
        oProj,
        headNorms,
        architecture.norm().epsilon(),
        rotary,
        runs,
        attention.heads(),
        attention.kvHeads(),
        here.scale(),
        attention.direction() == Direction.CAUSAL,
        here.window(),
        attention.softCap());
  }

  /**
   * The network of a stream that is normed first, (N, E), in parts of rows as they come out of the
   * cache: [(R1, E), (R2, E), …].
   *
   * @param norm its weights, [] for none
   * @param l2Norms [those of x, (N)] or []
   */
  private List<NDArray> mlp(NDArray x, List<NDArray> norm, List<NDArray> l2Norms, Scope scope) {
    Architecture.Mlp mlp = architecture.mlp();
    double epsilon = architecture.norm().epsilon();
    if (mlp.gate() == Gate.GATED) {
      return kernels.runForAll(
          scope,
          "gated_mlp_block",
          x,
          norm,
          l2Norms,
          epsilon,
          gateProj,
          upProj,
          downProj,
          mlp.activation());
    }
    return kernels.runForAll(
        scope, "mlp_block", x, norm, l2Norms, epsilon, upProj, downProj, mlp.activation());
  }
}
