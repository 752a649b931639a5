package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Part;

/**
 * Llama (Touvron et al. 2023, arXiv 2302.13971) and the many models of its shape: pre-norm decoders
 * with RMSNorm, rotary positions, grouped key and value heads and a gated feed-forward network.
 *
 * <p>Honoured: num_key_value_heads, head_dim, hidden_act, attention_bias, mlp_bias, rms_norm_eps,
 * tie_word_embeddings, rope_parameters (or rope_theta with rope_scaling) of rope_type default,
 * linear and llama3. Refused: any other rope_type, a partial_rotary_factor other than 1. Without
 * effect on inference: attention_dropout, initializer_range, pretraining_tp (a split of the same
 * products).
 */
final class Llama implements Family {

  @Override
  public String modelType() {
    return "llama";
  }

  @Override
  public Blueprint blueprint(ModelConfig config) {
    Heads heads = Heads.grouped(config, 0, 0);
    int layers = ConfigChecks.positive(config, "num_hidden_layers");
    Blueprint.Builder parts =
        LlamaLike.parts(LlamaLike.preNorm(config, heads, heads.everywhere(layers), false));
    LlamaLike.attentionBias(config, parts);
    if (config.flag("mlp_bias", false)) {
      parts.biased(Part.GATE_PROJ, Part.UP_PROJ, Part.DOWN_PROJ);
    }
    return parts.build();
  }
}
