package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Architecture.LayerAttention;
import io.radialnet.transformer.Blueprint;
import java.util.Collections;

/**
 * Mistral (Jiang et al. 2023, arXiv 2310.06825): Llama's shape with a sliding window in every
 * layer.
 *
 * <p>Honoured: sliding_window (null: none; absent: 4,096, as transformers has it),
 * num_key_value_heads (absent: 8), head_dim, hidden_act, rms_norm_eps, tie_word_embeddings,
 * rope_parameters as in {@link Llama}. Refused: layer_types other than that window everywhere,
 * other kinds of rope. Without effect on inference: attention_dropout, initializer_range.
 */
final class Mistral implements Family {

  private static final int WINDOW = 4096;
  private static final int KV_HEADS = 8;

  @Override
  public String modelType() {
    return "mistral";
  }

  @Override
  public Blueprint blueprint(ModelConfig config) {
    Heads heads = Heads.grouped(config, KV_HEADS, 0);
    int layers = ConfigChecks.positive(config, "num_hidden_layers");
    int window = LayerTypes.window(config, WINDOW);
    LayerTypes.requireUniform(config, window > 0);
    LayerAttention each = new LayerAttention(heads.scale(), window);
    return LlamaLike.parts(
            LlamaLike.preNorm(config, heads, Collections.nCopies(layers, each), false))
        .build();
  }
}
