package io.radialnet.transformer;

/**
 * What a transformer computes, whatever its family: sizes and switches read from config.json.
 *
 * @param family the family's model_type, such as opt
 * @param layers L
 * @param hiddenSize E
 * @param vocabularySize V
 * @param embeddingSize width of the token embeddings; where it differs from E, linear maps without
 *     bias lead to E and back
 * @param positions how positions enter, and how many there are
 * @param attention heads and scale
 * @param mlp the feed-forward network
 * @param norm kind and epsilon of every norm
 * @param normPlacement where a layer's norms stand
 * @param tiedHead whether the LM head is the token embedding
 */
public record Architecture(
    String family,
    int layers,
    int hiddenSize,
    int vocabularySize,
    int embeddingSize,
    Positions positions,
    Attention attention,
    Mlp mlp,
    Norm norm,
    NormPlacement normPlacement,
    boolean tiedHead) {

  /**
   * Multi-head attention with H query heads that share G key and value heads.
   *
   * @param heads H
   * @param kvHeads G, a divisor of H
   * @param headSize D
   * @param scale factor of the scores, 1 / sqrt(D) in most families
   * @param causal whether a position sees only itself and earlier ones
   */
  public record Attention(int heads, int kvHeads, int headSize, double scale, boolean causal) {}

  /**
   * A feed-forward network.
   *
   * @param width inner width F
   * @param activation as {@code kernels.py} names it
   */
  public record Mlp(int width, String activation, Gate gate) {}

  /** Whether a feed-forward network has a gate: down(act(up(x))) or down(act(gate(x)) * up(x)). */
  public enum Gate {
    NONE,
    GATED
  }

  /** A norm over E. */
  public record Norm(NormKind kind, double epsilon) {}

  /** LayerNorm (centred, with bias) or RMSNorm. */
  public enum NormKind {
    LAYER,
    RMS
  }

  /** Pre-norm: x + f(LN(x)). Post-norm: LN(x + f(x)). */
  public enum NormPlacement {
    PRE,
    POST
  }
}
