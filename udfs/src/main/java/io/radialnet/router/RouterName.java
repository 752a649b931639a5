package io.radialnet.router;

import io.radialnet.transformer.Block;
import java.util.Comparator;
import java.util.Objects;

/**
 * Which decision a router takes: whether a token runs this block of this layer. Spelled {@code
 * 3.attn}. Immutable, ordered as a sequential network runs them.
 *
 * @param layer 0-based
 * @param block {@code attn} or {@code mlp}
 */
public record RouterName(int layer, Block block) implements Comparable<RouterName> {

  private static final Comparator<RouterName> AS_RUN =
      Comparator.comparingInt(RouterName::layer).thenComparing(RouterName::block);

  public RouterName {
    Objects.requireNonNull(block, "block");
    if (layer < 0 || block == Block.LAYER) {
      throw new IllegalArgumentException("no router decides on " + layer + "." + block.column());
    }
  }

  /**
   * The router of a name such as {@code 3.attn}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static RouterName of(String name) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      throw new IllegalArgumentException("'" + name + "' names no router, such as 3.attn");
    }
    return new RouterName(
        Integer.parseInt(name.substring(0, dot)), Block.of(name.substring(dot + 1)));
  }

  @Override
  public int compareTo(RouterName other) {
    return AS_RUN.compare(this, other);
  }

  @Override
  public String toString() {
    return layer + "." + block.column();
  }
}
