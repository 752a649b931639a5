package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Positions.Rotary;
import io.radialnet.transformer.family.Gemma.SoftCaps;

/**
 * Gemma 3, the text models (Gemma Team 2025, arXiv 2503.19786): norms before and after each block
 * and over each query and key head; five layers with a sliding window and short wavelengths to each
 * one without.
 *
 * <p>Honoured: rope_parameters of full_attention and sliding_attention (or rope_theta with
 * rope_scaling, and rope_local_base_freq), sliding_window_pattern (absent: 6), layer_types,
 * attn_logit_softcapping and final_logit_softcapping (absent: none), and the keys of {@link
 * Gemma2}. Refused: use_bidirectional_attention, other kinds of rope, and by its model_type gemma3
 * the multimodal models. Without effect: attention_dropout, initializer_range,
 * cache_implementation.
 */
final class Gemma3 implements Family {

  private static final SoftCaps SOFT_CAPS = new SoftCaps(0, 0);
  private static final int PATTERN = 6;

  @Override
  public String modelType() {
    return "gemma3_text";
  }

  @Override
  public Blueprint blueprint(ModelConfig config) {
    Heads heads = Gemma.heads(config);
    int layers = ConfigChecks.positive(config, "num_hidden_layers");
    int pattern =
        ConfigChecks.positive(
            config, "sliding_window_pattern", config.integer("sliding_window_pattern", PATTERN));
    boolean[] sliding = LayerTypes.sliding(config, layers, l -> (l + 1) % pattern != 0);
    Rotary positions = Rope.localAndGlobal(config, heads.headSize(), sliding);
    Blueprint.Builder parts =
        Gemma.parts(config, Gemma.architecture(config, heads, sliding, positions, SOFT_CAPS));
    LlamaLike.headNorms(parts);
    return parts.build();
  }
}
