package io.radialnet.transformer;

import ai.djl.ndarray.NDArray;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Architecture.Gate;
import java.util.List;

/**
 * One layer: attention and a feed-forward network, each added to the residual stream. Immutable;
 * thread-safe. Dimensions: B sequences, T positions, E hidden size, D head size.
 */
final class TransformerLayer {

  private final int index;
  private final Architecture architecture;
  private final Kernels kernels;
  private final Norms norms;
  private final List<NDArray> attnNorm;
  private final List<NDArray> qProj;
  private final List<NDArray> kProj;
  private final List<NDArray> vProj;
  private final List<NDArray> oProj;
  private final List<NDArray> mlpNorm;
  private final List<NDArray> gateProj;
  private final List<NDArray> upProj;
  private final List<NDArray> downProj;

  TransformerLayer(int index, Architecture architecture, Weights weights, Kernels kernels) {
    this.index = index;
    this.architecture = architecture;
    this.kernels = kernels;
    this.norms = new Norms(architecture.norm(), kernels);
    this.attnNorm = weights.of(Part.ATTN_NORM, index);
    this.qProj = weights.of(Part.Q_PROJ, index);
    this.kProj = weights.of(Part.K_PROJ, index);
    this.vProj = weights.of(Part.V_PROJ, index);
    this.oProj = weights.of(Part.O_PROJ, index);
    this.mlpNorm = weights.of(Part.MLP_NORM, index);
    this.gateProj = weights.of(Part.GATE_PROJ, index);
    this.upProj = weights.of(Part.UP_PROJ, index);
    this.downProj = weights.of(Part.DOWN_PROJ, index);
  }

  /**
   * The stream after this layer, (B, T, E), created in the scope.
   *
   * @param x the stream before it, (B, T, E)
   * @param rotary [] or [cosines, sines], each (T, D)
   */
  NDArray forward(NDArray x, List<NDArray> rotary, ResidualTap tap, Scope scope) {
    try (Scope local = scope.child()) {
      return local.release(
          switch (architecture.normPlacement()) {
            case PRE -> preNorm(x, rotary, tap, local);
            case POST -> postNorm(x, rotary, tap, local);
          });
    }
  }

  private NDArray preNorm(NDArray x, List<NDArray> rotary, ResidualTap tap, Scope scope) {
    NDArray a = attention(norms.apply(x, attnNorm, scope), rotary, scope); // (B, T, E)
    NDArray y = add(x, a, Block.ATTN, tap);
    NDArray m = mlp(norms.apply(y, mlpNorm, scope), scope); // (B, T, E)
    NDArray z = add(y, m, Block.MLP, tap);
    tap.layer(index, x, z);
    return z;
  }

  private NDArray postNorm(NDArray x, List<NDArray> rotary, ResidualTap tap, Scope scope) {
    NDArray a = attention(x, rotary, scope); // (B, T, E)
    NDArray y = norms.apply(add(x, a, Block.ATTN, tap), attnNorm, scope); // (B, T, E)
    NDArray m = mlp(y, scope); // (B, T, E)
    NDArray z = add(y, m, Block.MLP, tap);
    tap.layer(index, x, z);
    return norms.apply(z, mlpNorm, scope);
  }

  private NDArray add(NDArray before, NDArray update, Block block, ResidualTap tap) {
    NDArray after = update.add(before); // (B, T, E), owned like the update
    tap.addition(index, block, before, update, after);
    return after;
  }

  private NDArray attention(NDArray x, List<NDArray> rotary, Scope scope) {
    Architecture.Attention attention = architecture.attention();
    return kernels.run(
        scope,
        "attention_block",
        x,
        qProj,
        kProj,
        vProj,
        oProj,
        rotary,
        attention.heads(),
        attention.kvHeads(),
        attention.scale(),
        attention.causal());
  }

  private NDArray mlp(NDArray x, Scope scope) {
    Architecture.Mlp mlp = architecture.mlp();
    if (mlp.gate() == Gate.GATED) {
      return kernels.run(scope, "gated_mlp_block", x, gateProj, upProj, downProj, mlp.activation());
    }
    return kernels.run(scope, "mlp_block", x, upProj, downProj, mlp.activation());
  }
}
