package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.family.Gemma.SoftCaps;

/**
 * Gemma 2 (Gemma Team 2024, arXiv 2408.00118): norms before and after each block, soft-capped
 * scores and logits, a sliding window in every other layer.
 *
 * <p>Honoured: attn_logit_softcapping (absent: 50; null: none), final_logit_softcapping (absent:
 * 30; null: none), query_pre_attn_scalar, sliding_window, layer_types (absent: the even layers
 * slide), num_key_value_heads (absent: 4), head_dim (absent: 256), hidden_activation,
 * attention_bias, rms_norm_eps, tie_word_embeddings, rope_parameters as in {@link Llama}. Refused:
 * use_bidirectional_attention, other kinds of rope. Without effect: attention_dropout,
 * initializer_range, cache_implementation, hidden_act (transformers reads hidden_activation).
 */
final class Gemma2 implements Family {

  private static final SoftCaps SOFT_CAPS = new SoftCaps(50, 30);

  @Override
  public String modelType() {
    return "gemma2";
  }

  @Override
  public Blueprint blueprint(ModelConfig config) {
    Heads heads = Gemma.heads(config);
    int layers = ConfigChecks.positive(config, "num_hidden_layers");
    boolean[] sliding = LayerTypes.sliding(config, layers, l -> l % 2 == 0);
    return Gemma.parts(
            config,
            Gemma.architecture(
                config,
                heads,
                sliding,
                Rope.everywhere(config, heads.headSize(), layers),
                SOFT_CAPS))
        .build();
  }
}
