package io.radialnet.transformer;

import io.radialnet.transformer.Architecture.NormKind;

/**
 * A part of a transformer that has weights of its own. Each has a tensor 'weight', some a 'bias'.
 */
public enum Part {
  TOKEN_EMBEDDING,
  POSITION_EMBEDDING,
  PROJECT_IN,
  PROJECT_OUT,
  FINAL_NORM,
  LM_HEAD,
  ATTN_NORM,
  Q_PROJ,
  K_PROJ,
  V_PROJ,
  O_PROJ,
  MLP_NORM,
  GATE_PROJ,
  UP_PROJ,
  DOWN_PROJ;

  /** Whether every layer has one of its own. */
  public boolean inLayer() {
    return switch (this) {
      case TOKEN_EMBEDDING, POSITION_EMBEDDING, PROJECT_IN, PROJECT_OUT, FINAL_NORM, LM_HEAD ->
          false;
      default -> true;
    };
  }

  /** Whether this is a norm, whose weight has one dimension. */
  public boolean isNorm() {
    return this == FINAL_NORM || this == ATTN_NORM || this == MLP_NORM;
  }

  /**
   * The shape of the weight: (O, I) for a linear map, (E) for a norm, (rows, width) for a table.
   */
  public long[] weightShape(Architecture a) {
    long e = a.hiddenSize();
    long queries = (long) a.attention().heads() * a.attention().headSize();
    long keys = (long) a.attention().kvHeads() * a.attention().headSize();
    long f = a.mlp().width();
    return switch (this) {
      case TOKEN_EMBEDDING, LM_HEAD -> new long[] {a.vocabularySize(), a.embeddingSize()};
      case POSITION_EMBEDDING -> new long[] {positionRows(a), e};
      case PROJECT_IN -> new long[] {e, a.embeddingSize()};
      case PROJECT_OUT -> new long[] {a.embeddingSize(), e};
      case FINAL_NORM, ATTN_NORM, MLP_NORM -> new long[] {e};
      case Q_PROJ -> new long[] {queries, e};
      case K_PROJ, V_PROJ -> new long[] {keys, e};
      case O_PROJ -> new long[] {e, queries};
      case GATE_PROJ, UP_PROJ -> new long[] {f, e};
      case DOWN_PROJ -> new long[] {e, f};
    };
  }

  /** Whether this part has a bias whatever the family says: LayerNorm does, RMSNorm does not. */
  boolean hasNormBias(Architecture a) {
    return isNorm() && a.norm().kind() == NormKind.LAYER;
  }

  private static long positionRows(Architecture a) {
    if (a.positions() instanceof Positions.Learned learned) {
      return (long) learned.count() + learned.offset();
    }
    throw new IllegalStateException(a.family() + " has no table of positions");
  }
}
