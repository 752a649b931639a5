package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Architecture.Attention;
import io.radialnet.transformer.Architecture.Direction;
import io.radialnet.transformer.Architecture.LayerAttention;
import java.util.Collections;
import java.util.List;

/**
 * The sizes of attention's heads.
 *
 * @param heads H
 * @param kvHeads G, a divisor of H
 * @param headSize D
 */
record Heads(int heads, int kvHeads, int headSize) {

  /**
   * Of families whose heads share the hidden size out among them.
   *
   * @param hiddenKey of E in config.json
   * @param headsKey of H
   */
  static Heads sharing(ModelConfig config, String hiddenKey, String headsKey) {
    int hiddenSize = ConfigChecks.positive(config, hiddenKey);
    int heads = ConfigChecks.positive(config, headsKey);
    ConfigChecks.divisible(config, hiddenKey, hiddenSize, headsKey, heads);
    return new Heads(heads, heads, hiddenSize / heads);
  }

  /**
   * Of families with grouped key and value heads: num_attention_heads, num_key_value_heads and
   * head_dim.
   *
   * @param kvHeads where num_key_value_heads is absent; 0 for as many as num_attention_heads
   * @param headDim where head_dim is absent; 0 for hidden_size / num_attention_heads
   */
  static Heads grouped(ModelConfig config, int kvHeads, int headDim) {
    int heads = ConfigChecks.positive(config, "num_attention_heads");
    int shared = config.integer("num_key_value_heads", kvHeads == 0 ? heads : kvHeads);
    ConfigChecks.positive(config, "num_key_value_heads", shared);
    ConfigChecks.divisible(config, "num_attention_heads", heads, "num_key_value_heads", shared);
    int size =
        config.has("head_dim") || headDim > 0
            ? ConfigChecks.positive(config, "head_dim", config.integer("head_dim", headDim))
            : sharing(config, "hidden_size", "num_attention_heads").headSize();
    ConfigChecks.divisible(config, "head_dim", size, "the two halves of a rotation", 2);
    return new Heads(heads, shared, size);
  }

  /** The usual factor of the scores, 1 / sqrt(D). */
  double scale() {
    return 1 / Math.sqrt(headSize);
  }

  /** The usual scale in every layer, and no window. */
  List<LayerAttention> everywhere(int layers) {
    return Collections.nCopies(layers, new LayerAttention(scale(), 0));
  }

  /** Causal attention without cap. */
  Attention causal(List<LayerAttention> layers) {
    return new Attention(heads, kvHeads, headSize, Direction.CAUSAL, 0, layers);
  }
}
