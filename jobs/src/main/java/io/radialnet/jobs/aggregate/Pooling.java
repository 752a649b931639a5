package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.LayerSparsityTable;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/** Adds to the states of single blocks and layers those of several pooled. */
final class Pooling {

  /**
   * A block and a layer.
   *
   * @param block attn, mlp, layer or all
   * @param layer 0-based layer, -1 for all
   */
  record Cell(String block, int layer) implements Comparable<Cell>, Serializable {
    @Override
    public int compareTo(Cell other) {
      int byBlock = block.compareTo(other.block);
      return byBlock != 0 ? byBlock : Integer.compare(layer, other.layer);
    }

    /** Whether several blocks or layers are pooled. */
    boolean isPooled() {
      return layer == LayerSparsityTable.ALL_LAYERS || block.equals(LayerSparsityTable.ALL_BLOCKS);
    }
  }

  private Pooling() {}

  /**
   * The states given, and those of all layers of each block, of attn and mlp pooled, where both are
   * there, in each layer and in all.
   *
   * @param empty a state of the same tokens, to pool into
   * @param pool adds the second to the first and returns it
   */
  static <S> Map<Cell, S> withPooled(
      Map<Cell, S> single, Function<S, S> empty, BinaryOperator<S> pool) {
    Map<Cell, S> all = new TreeMap<>(single);
    boolean hasBoth =
        single.keySet().stream().anyMatch(cell -> cell.block().equals("attn"))
            && single.keySet().stream().anyMatch(cell -> cell.block().equals("mlp"));
    single.forEach(
        (cell, state) -> {
          poolInto(all, new Cell(cell.block(), LayerSparsityTable.ALL_LAYERS), state, empty, pool);
          if (hasBoth && !cell.block().equals("layer")) {
            String both = LayerSparsityTable.ALL_BLOCKS;
            poolInto(all, new Cell(both, cell.layer()), state, empty, pool);
            poolInto(all, new Cell(both, LayerSparsityTable.ALL_LAYERS), state, empty, pool);
          }
        });
    return all;
  }

  private static <S> void poolInto(
      Map<Cell, S> all, Cell cell, S state, Function<S, S> empty, BinaryOperator<S> pool) {
    S into = all.computeIfAbsent(cell, key -> empty.apply(state));
    all.put(cell, pool.apply(into, state));
  }
}
