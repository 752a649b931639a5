package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Part;

/**
 * Qwen2 and Qwen2.5 (Yang et al. 2024, arXiv 2407.10671): Llama's shape with biases in the query,
 * key and value projections.
 *
 * <p>Honoured: use_sliding_window, sliding_window, max_window_layers, layer_types,
 * num_key_value_heads (absent: 32), hidden_act, rms_norm_eps, tie_word_embeddings, rope_parameters
 * as in {@link Llama}. Refused: other kinds of rope. Without effect on inference:
 * attention_dropout, initializer_range.
 */
final class Qwen2 implements Family {

  @Override
  public String modelType() {
    return "qwen2";
  }

  @Override
  public Blueprint blueprint(ModelConfig config) {
    Heads heads = Heads.grouped(config, QwenWindows.KV_HEADS, 0);
    return LlamaLike.parts(
            LlamaLike.preNorm(config, heads, QwenWindows.layers(config, heads), false))
        .biased(Part.Q_PROJ, Part.K_PROJ, Part.V_PROJ)
        .build();
  }
}
