package io.radialnet.router;

import io.radialnet.transformer.Architecture.LayerForm;
import io.radialnet.transformer.Block;
import java.io.Serializable;
import java.util.Random;

/**
 * What a router is told of a token before a block runs, as one vector: the projection of the
 * block's input to k numbers, the input's log norm, the ratios of the blocks already run, ln(1 +
 * position in the window), the token's log frequency. Immutable; serialized to executors.
 *
 * <p>The block's input is the residual stream x before the block's own norm, (E). Its projection is
 * x P, with P (E, k) of independent normal numbers of variance 1 / k, so that lengths are kept on
 * average. Ratios are in the order 0.attn, 0.mlp, 1.attn, …; a block that was skipped has ratio 0,
 * for it added nothing.
 *
 * @param projection k, numbers that the stream is projected to
 * @param projectionSeed of the projection's matrix
 * @param version of this definition
 */
public record RouterFeatures(int projection, long projectionSeed, int version)
    implements Serializable {

  /** The version of the features that this code computes. */
  public static final int VERSION = 1;

  /** The default of k. */
  public static final int DEFAULT_PROJECTION = 32;

  public RouterFeatures {
    if (projection < 1) {
      throw new IllegalArgumentException("projection is " + projection);
    }
  }

  /** Features of the present version. */
  public RouterFeatures(int projection, long projectionSeed) {
    this(projection, projectionSeed, VERSION);
  }

  /** Whether attention and feed-forward network of a layer have the same input. */
  public enum Inputs {
    /** The feed-forward network sees what attention has added. */
    SEQUENTIAL,
    /** Both see the stream that enters the layer; neither's ratio is known before both have run. */
    PARALLEL;

    /** Those of a network's layers. */
    public static Inputs of(LayerForm form) {
      return form == LayerForm.PARALLEL ? PARALLEL : SEQUENTIAL;
    }
  }

  /**
   * How many ratios are known before a block runs: two a layer before it, and attention's own where
   * the feed-forward network comes after it.
   *
   * @param layer 0-based
   * @param block attn or mlp
   */
  public static int previousRatios(int layer, Block block, Inputs inputs) {
    boolean attentionIsKnown = block == Block.MLP && inputs == Inputs.SEQUENTIAL;
    return 2 * layer + (attentionIsKnown ? 1 : 0);
  }

  /** The length of a block's vector: k + 1 + previous ratios + 2. */
  public int size(int layer, Block block, Inputs inputs) {
    return projection + 1 + previousRatios(layer, block, inputs) + 2;
  }

  /**
   * The vector, in its order.
   *
   * @param projected (k)
   * @param logNorm ln of the L2 norm of the block's input
   * @param previousRatios as many as {@link #previousRatios} says
   * @param position 0-based in the window, special tokens included
   * @param logFrequency as {@link #logFrequency} says
   */
  public float[] vector(
      float[] projected, float logNorm, float[] previousRatios, int position, float logFrequency) {
    if (projected.length != projection) {
      throw new IllegalArgumentException(
          "the projection has " + projected.length + " numbers, expected " + projection);
    }
    float[] vector = new float[projection + 1 + previousRatios.length + 2];
    System.arraycopy(projected, 0, vector, 0, projection);
    vector[projection] = logNorm;
    System.arraycopy(previousRatios, 0, vector, projection + 1, previousRatios.length);
    vector[vector.length - 2] = (float) Math.log1p(position);
    vector[vector.length - 1] = logFrequency;
    return vector;
  }

  /**
   * ln((occurrences + 1) / (tokens + V)): every token of the vocabulary has one, seen or not.
   *
   * @param occurrences of the token in the corpus, where it is not special
   * @param tokens of the corpus that are not special
   * @param vocabularySize V
   */
  public static float logFrequency(long occurrences, long tokens, int vocabularySize) {
    return (float) Math.log((occurrences + 1.0) / (tokens + (double) vocabularySize));
  }

  /**
   * P, (E, k) row by row. Depends on the seed, E and k alone; the numbers are those that {@link
   * Random} specifies, the same on every machine.
   *
   * @param hiddenSize E
   */
  public float[] projectionMatrix(int hiddenSize) {
    Random random = new Random((projectionSeed * 1_000_003 + hiddenSize) * 1_000_003 + projection);
    double scale = 1 / Math.sqrt(projection);
    float[] matrix = new float[Math.multiplyExact(hiddenSize, projection)];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = (float) (random.nextGaussian() * scale);
    }
    return matrix;
  }
}
