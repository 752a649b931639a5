package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Architecture.LayerAttention;
import java.util.List;
import java.util.stream.IntStream;

/** What Qwen2 and Qwen3 share: windows in the upper layers, where they are switched on. */
final class QwenWindows {

  /** Where num_key_value_heads is absent. */
  static final int KV_HEADS = 32;

  private static final int WINDOW = 4096;
  private static final int FIRST_LAYER = 28;

  private QwenWindows() {}

  /** Scale and window of each layer. */
  static List<LayerAttention> layers(ModelConfig config, Heads heads) {
    int layers = ConfigChecks.positive(config, "num_hidden_layers");
    int window = config.flag("use_sliding_window", false) ? LayerTypes.window(config, WINDOW) : 0;
    int first = config.integer("max_window_layers", FIRST_LAYER);
    boolean[] sliding = LayerTypes.sliding(config, layers, l -> window > 0 && l >= first);
    double scale = heads.scale();
    return IntStream.range(0, layers)
        .mapToObj(l -> new LayerAttention(scale, sliding[l] ? window : 0))
        .toList();
  }
}
