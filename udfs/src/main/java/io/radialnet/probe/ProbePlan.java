package io.radialnet.probe;

import io.radialnet.transformer.Block;
import java.io.Serializable;
import java.util.List;

/**
 * What a probe measures: every measure of every block. Immutable; serialized to executors.
 *
 * @param blocks without duplicates, in the order of their columns
 * @param measures without duplicates, in the order of their columns
 */
public record ProbePlan(List<Block> blocks, List<Measure> measures) implements Serializable {

  public ProbePlan {
    blocks = List.copyOf(blocks);
    measures = List.copyOf(measures);
    if (blocks.isEmpty() || measures.isEmpty()) {
      throw new IllegalArgumentException("a probe measures at least one block");
    }
  }

  /** The columns in order, block by block: attn_ratio, attn_cosine, mlp_ratio, … */
  public List<String> columns() {
    return blocks.stream()
        .flatMap(block -> measures.stream().map(m -> block.column() + "_" + m.column()))
        .toList();
  }
}
