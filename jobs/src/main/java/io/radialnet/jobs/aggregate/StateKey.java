package io.radialnet.jobs.aggregate;

import java.io.Serializable;

/**
 * What a state is about. Serialized.
 *
 * @param run index of the profile
 * @param kind which statistic
 * @param slice the slice, empty where there is none
 * @param block index of the block among those of the profile, 0 where there is none
 * @param layer 0-based layer, 0 where there is none
 * @param number position bin or bucket of tokens, 0 where there is none
 */
record StateKey(int run, Kind kind, String slice, int block, int layer, int number)
    implements Serializable {

  /** The statistics. */
  enum Kind {
    /** {@link RatioState}: ratios of a slice, block and layer. */
    SLICE,
    /** {@link PositionState}: ratios of a range of positions, block and layer. */
    POSITION,
    /** {@link TokenSummaries}: ratios of tokens of the vocabulary. */
    TOKENS,
    /** {@link TypeLevels}: sums of token types, for the components of variance. */
    TYPES,
    /** {@link VarianceSums}: all other sums for the components of variance. */
    VARIANCE,
    /** {@link LayerMoments}: moments of pairs of layers of a block. */
    LAYERS
  }

  static StateKey ofSlice(int run, String slice, int block, int layer) {
    return new StateKey(run, Kind.SLICE, slice, block, layer, 0);
  }

  static StateKey ofPosition(int run, int bin, int block, int layer) {
    return new StateKey(run, Kind.POSITION, "", block, layer, bin);
  }

  static StateKey ofTokens(int run, int bucket) {
    return new StateKey(run, Kind.TOKENS, "", 0, 0, bucket);
  }

  static StateKey ofTypes(int run, int bucket) {
    return new StateKey(run, Kind.TYPES, "", 0, 0, bucket);
  }

  static StateKey ofVariance(int run) {
    return new StateKey(run, Kind.VARIANCE, "", 0, 0, 0);
  }

  static StateKey ofLayers(int run, int block) {
    return new StateKey(run, Kind.LAYERS, "", block, 0, 0);
  }

  /** As {@link Object#hashCode}, but the same in every JVM: it decides the partition. */
  @Override
  public int hashCode() {
    int hash = 31 * run + kind.name().hashCode();
    hash = 31 * hash + slice.hashCode();
    hash = 31 * hash + block;
    hash = 31 * hash + layer;
    hash = 31 * hash + number;
    return hash;
  }
}
