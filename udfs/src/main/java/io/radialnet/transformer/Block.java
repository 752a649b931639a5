package io.radialnet.transformer;

import java.util.Arrays;
import java.util.Locale;

/** What one residual ratio is about: one of a layer's two additions, or the layer as a whole. */
public enum Block {
  /** The addition of attention's output to the stream. */
  ATTN,
  /** The addition of the feed-forward network's output to the stream. */
  MLP,
  /** The layer as one addition: its update is the stream after it minus the stream before it. */
  LAYER;

  /** The name in columns, options and tables: attn, mlp, layer. */
  public String column() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The block of a name.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Block of(String name) {
    return Arrays.stream(values())
        .filter(block -> block.column().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no block is called '" + name + "'"));
  }
}
