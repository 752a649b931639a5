package io.radialnet.transformer;

import java.util.List;

/**
 * What a transformer computes, whatever its family: sizes and switches read from config.json.
 *
 * @param family the family's model_type, such as opt
 * @param layers L
 * @param hiddenSize E
 * @param embedding tables that tokens enter through
 * @param positions how positions enter, and how many there are
 * @param attention heads, and what each layer's queries see
 * @param mlp the feed-forward network
 * @param norm kind and epsilon of every norm
 * @param form how a layer puts attention, feed-forward network and norms together
 * @param head how next-token probabilities are computed
 */
public record Architecture(
    String family,
    int layers,
    int hiddenSize,
    Embedding embedding,
    Positions positions,
    Attention attention,
    Mlp mlp,
    Norm norm,
    LayerForm form,
    LmHead head) {

  /**
   * How token ids become vectors.
   *
   * @param vocabularySize V
   * @param width of the token embeddings; where it differs from E, linear maps without bias lead to
   *     E and back
   * @param scale factor of the token embeddings, rounded to their dtype
   * @param tokenTypes rows of a table of token types, of which row 0 is added; 0 where there is
   *     none
   */
  public record Embedding(int vocabularySize, int width, double scale, int tokenTypes) {

    /** Token embeddings as they are, of width E. */
    public static Embedding plain(int vocabularySize, int hiddenSize) {
      return new Embedding(vocabularySize, hiddenSize, 1, 0);
    }
  }

  /**
   * Multi-head attention with H query heads that share G key and value heads.
   *
   * @param heads H
   * @param kvHeads G, a divisor of H
   * @param headSize D
   * @param direction what a query sees
   * @param softCap scores become cap * tanh(score / cap); 0 where they stay as they are
   * @param layers scale and window of each layer, L of them
   */
  public record Attention(
      int heads,
      int kvHeads,
      int headSize,
      Direction direction,
      double softCap,
      List<LayerAttention> layers) {

    public Attention {
      layers = List.copyOf(layers);
    }
  }

  /** What a query sees of its sequence. */
  public enum Direction {
    /** Its own position and earlier ones. */
    CAUSAL,
    /** Every position. */
    BOTH
  }

  /**
   * What differs from layer to layer.
   *
   * @param scale factor of the scores, 1 / sqrt(D) in most families
   * @param window how many of the latest positions a query sees, its own counted; 0 for all
   */
  public record LayerAttention(double scale, int window) {}

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

  /** A norm over the last dimension. */
  public record Norm(NormKind kind, double epsilon) {}

  /** What a norm does. */
  public enum NormKind {
    /** LayerNorm: centred, with weight and bias. */
    LAYER,
    /** RMSNorm. */
    RMS,
    /** RMSNorm by 1 + weight, multiplied in float32 (Gemma). */
    RMS_ONE_PLUS
  }

  /** How a layer puts attention a, feed-forward network m and norms together. */
  public enum LayerForm {
    /** y = x + a(norm(x)); z = y + m(norm(y)). */
    PRE_NORM,
    /** y = norm(x + a(x)); z = norm(y + m(y)). */
    POST_NORM,
    /** y = x + norm(a(norm(x))); z = y + norm(m(norm(y))). */
    SANDWICH,
    /** z = x + a(norm(x)) + m(norm(x)), each with a norm of its own. */
    PARALLEL
  }

  /**
   * The map from the stream to next-token logits.
   *
   * @param weights where they are
   * @param softCap logits become cap * tanh(logit / cap); 0 where they stay as they are
   */
  public record LmHead(HeadWeights weights, double softCap) {

    /** A head without cap, tied to the token embedding or of its own. */
    public static LmHead tied(boolean tied) {
      return new LmHead(tied ? HeadWeights.TIED : HeadWeights.OWN, 0);
    }
  }

  /** Where the LM head's weights are. */
  public enum HeadWeights {
    /** They are the token embedding. */
    TIED,
    /** In a tensor of their own. */
    OWN,
    /** Nowhere: the model gives no next-token probabilities. */
    NONE
  }
}
