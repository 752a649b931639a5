package io.radialnet.transformer;

import io.radialnet.transformer.Architecture.NormKind;

/**
 * A part of a transformer that has weights of its own. Each has a tensor 'weight', some a 'bias'.
 */
public enum Part {
  TOKEN_EMBEDDING,
  TOKEN_TYPE_EMBEDDING,
  POSITION_EMBEDDING,
  EMBEDDING_NORM,
  PROJECT_IN,
  PROJECT_OUT,
  FINAL_NORM,
  LM_HEAD,
  /** Before attention; in a post-norm layer after its addition. */
  ATTN_NORM,
  /** Query, key and value projections in one tensor, where the checkpoint has them so. */
  QKV_PROJ,
  Q_PROJ,
  K_PROJ,
  V_PROJ,
  /** Over each query head. */
  Q_NORM,
  /** Over each key head. */
  K_NORM,
  O_PROJ,
  /** Of attention's update, before it is added. */
  ATTN_UPDATE_NORM,
  /** Before the feed-forward network; in a post-norm layer after its addition. */
  MLP_NORM,
  GATE_PROJ,
  UP_PROJ,
  DOWN_PROJ,
  /** Of the feed-forward network's update, before it is added. */
  MLP_UPDATE_NORM;

  /** Whether every layer has one of its own. */
  public boolean inLayer() {
    return switch (this) {
      case TOKEN_EMBEDDING,
          TOKEN_TYPE_EMBEDDING,
          POSITION_EMBEDDING,
          EMBEDDING_NORM,
          PROJECT_IN,
          PROJECT_OUT,
          FINAL_NORM,
          LM_HEAD ->
          false;
      default -> true;
    };
  }

  /** Whether this is a norm, whose weight has one dimension. */
  public boolean isNorm() {
    return switch (this) {
      case EMBEDDING_NORM,
          FINAL_NORM,
          ATTN_NORM,
          Q_NORM,
          K_NORM,
          ATTN_UPDATE_NORM,
          MLP_NORM,
          MLP_UPDATE_NORM ->
          true;
      default -> false;
    };
  }

  /**
   * The shape of the weight: (O, I) for a linear map, (E) or (D) for a norm, (rows, width) for a
   * table.
   */
  public long[] weightShape(Architecture a) {
    long e = a.hiddenSize();
    long queries = (long) a.attention().heads() * a.attention().headSize();
    long keys = (long) a.attention().kvHeads() * a.attention().headSize();
    long f = a.mlp().width();
    return switch (this) {
      case TOKEN_EMBEDDING, LM_HEAD ->
          new long[] {a.embedding().vocabularySize(), a.embedding().width()};
      case TOKEN_TYPE_EMBEDDING -> new long[] {a.embedding().tokenTypes(), e};
      case POSITION_EMBEDDING -> new long[] {positionRows(a), e};
      case PROJECT_IN -> new long[] {e, a.embedding().width()};
      case PROJECT_OUT -> new long[] {a.embedding().width(), e};
      case EMBEDDING_NORM, FINAL_NORM, ATTN_NORM, ATTN_UPDATE_NORM, MLP_NORM, MLP_UPDATE_NORM ->
          new long[] {e};
      case Q_NORM, K_NORM -> new long[] {a.attention().headSize()};
      case QKV_PROJ -> new long[] {queries + 2 * keys, e};
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
