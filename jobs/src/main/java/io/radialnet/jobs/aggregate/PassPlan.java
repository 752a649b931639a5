package io.radialnet.jobs.aggregate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What a pass over one profile has to know. Immutable, serialized, small: bounded by the model's
 * vocabulary.
 *
 * @param run index of the profile
 * @param blocks the measured blocks: attn, mlp, layer
 * @param hasCosine whether cosines were measured
 * @param layers L
 * @param sliceBy the kept columns whose values are slices
 * @param frequentTokens ids of the tokens that are a level of their own in the components of
 *     variance; all others are one level
 */
record PassPlan(
    int run,
    List<String> blocks,
    boolean hasCosine,
    int layers,
    List<String> sliceBy,
    BitSet frequentTokens)
    implements Serializable {

  PassPlan {
    blocks = List.copyOf(blocks);
    sliceBy = List.copyOf(sliceBy);
    frequentTokens = (BitSet) frequentTokens.clone();
  }

  @Override
  public BitSet frequentTokens() {
    return (BitSet) frequentTokens.clone();
  }

  /** The columns to read: the ratios of each block, then the cosines of each block if measured. */
  List<String> measureColumns() {
    List<String> columns = new ArrayList<>();
    blocks.forEach(block -> columns.add(block + "_ratio"));
    if (hasCosine) {
      blocks.forEach(block -> columns.add(block + "_cosine"));
    }
    return columns;
  }

  int blockCount() {
    return blocks.size();
  }

  /**
   * How many blocks, the first ones, 'all' pools: attn and mlp where both are measured, or none.
   */
  int pooledBlocks() {
    return blocks.containsAll(List.of("attn", "mlp")) ? 2 : 0;
  }

  /** Pairs of block and layer. */
  int cells() {
    return blocks.size() * layers;
  }

  int cell(int block, int layer) {
    return block * layers + layer;
  }
}
