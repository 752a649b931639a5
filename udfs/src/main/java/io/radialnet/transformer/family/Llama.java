package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Architecture;
import io.radialnet.transformer.Architecture.Attention;
import io.radialnet.transformer.Architecture.Gate;
import io.radialnet.transformer.Architecture.Mlp;
import io.radialnet.transformer.Architecture.Norm;
import io.radialnet.transformer.Architecture.NormKind;
import io.radialnet.transformer.Architecture.NormPlacement;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Part;
import io.radialnet.transformer.Positions;

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
    Blueprint.Builder parts =
        Blueprint.of(architecture(config))
            .part(Part.TOKEN_EMBEDDING, "model.embed_tokens")
            .part(Part.FINAL_NORM, "model.norm")
            .part(Part.LM_HEAD, "lm_head")
            .part(Part.ATTN_NORM, "model.layers.%d.input_layernorm")
            .part(Part.Q_PROJ, "model.layers.%d.self_attn.q_proj")
            .part(Part.K_PROJ, "model.layers.%d.self_attn.k_proj")
            .part(Part.V_PROJ, "model.layers.%d.self_attn.v_proj")
            .part(Part.O_PROJ, "model.layers.%d.self_attn.o_proj")
            .part(Part.MLP_NORM, "model.layers.%d.post_attention_layernorm")
            .part(Part.GATE_PROJ, "model.layers.%d.mlp.gate_proj")
            .part(Part.UP_PROJ, "model.layers.%d.mlp.up_proj")
            .part(Part.DOWN_PROJ, "model.layers.%d.mlp.down_proj")
            .notRun("lm_head\\.weight")
            .notRun("score\\.weight|qa_outputs\\..*|classifier\\..*")
            .notRun("(model\\.)?(layers\\.\\d+\\.self_attn\\.)?rotary_emb\\.inv_freq");
    if (config.flag("attention_bias", false)) {
      parts.biased(Part.Q_PROJ, Part.K_PROJ, Part.V_PROJ, Part.O_PROJ);
    }
    if (config.flag("mlp_bias", false)) {
      parts.biased(Part.GATE_PROJ, Part.UP_PROJ, Part.DOWN_PROJ);
    }
    return parts.build();
  }

  private static Architecture architecture(ModelConfig config) {
    int hiddenSize = ConfigChecks.positive(config, "hidden_size");
    int heads = ConfigChecks.positive(config, "num_attention_heads");
    int kvHeads =
        ConfigChecks.positive(
            config, "num_key_value_heads", config.integer("num_key_value_heads", heads));
    ConfigChecks.divisible(config, "num_attention_heads", heads, "num_key_value_heads", kvHeads);
    if (!config.has("head_dim")) {
      ConfigChecks.divisible(config, "hidden_size", hiddenSize, "num_attention_heads", heads);
    }
    int headSize =
        ConfigChecks.positive(config, "head_dim", config.integer("head_dim", hiddenSize / heads));
    ConfigChecks.divisible(config, "head_dim", headSize, "the two halves of a rotation", 2);
    return new Architecture(
        "llama",
        ConfigChecks.positive(config, "num_hidden_layers"),
        hiddenSize,
        ConfigChecks.positive(config, "vocab_size"),
        hiddenSize,
        new Positions.Rotary(
            ConfigChecks.positive(config, "max_position_embeddings"),
            Rope.theta(config),
            Rope.scaling(config)),
        new Attention(heads, kvHeads, headSize, 1 / Math.sqrt(headSize), true),
        new Mlp(
            ConfigChecks.positive(config, "intermediate_size"),
            ConfigChecks.activation(config, "hidden_act", "silu"),
            Gate.GATED),
        new Norm(NormKind.RMS, config.number("rms_norm_eps", 1e-6)),
        NormPlacement.PRE,
        config.flag("tie_word_embeddings", false));
  }
}
