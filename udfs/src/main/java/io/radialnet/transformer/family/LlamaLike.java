package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Architecture;
import io.radialnet.transformer.Architecture.Embedding;
import io.radialnet.transformer.Architecture.Gate;
import io.radialnet.transformer.Architecture.LayerAttention;
import io.radialnet.transformer.Architecture.LayerForm;
import io.radialnet.transformer.Architecture.LmHead;
import io.radialnet.transformer.Architecture.Mlp;
import io.radialnet.transformer.Architecture.Norm;
import io.radialnet.transformer.Architecture.NormKind;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Part;
import io.radialnet.transformer.Positions.Rotary;
import java.util.List;

/**
 * What the decoders of Llama's shape share: RMSNorm, rotary positions, grouped key and value heads,
 * a gated feed-forward network, and the names of their tensors.
 */
final class LlamaLike {

  private LlamaLike() {}

  /** The architecture of a plain pre-norm decoder: Llama, Mistral, Qwen. */
  static Architecture preNorm(
      ModelConfig config, Heads heads, List<LayerAttention> layers, boolean tied) {
    int hiddenSize = ConfigChecks.positive(config, "hidden_size");
    return new Architecture(
        config.modelType(),
        layers.size(),
        hiddenSize,
        Embedding.plain(ConfigChecks.positive(config, "vocab_size"), hiddenSize),
        Rope.everywhere(config, heads.headSize(), layers.size()),
        heads.causal(layers),
        mlp(config, "hidden_act", "silu"),
        new Norm(NormKind.RMS, config.number("rms_norm_eps", 1e-6)),
        LayerForm.PRE_NORM,
        LmHead.tied(config.flag("tie_word_embeddings", tied)));
  }

  /** The gated feed-forward network. */
  static Mlp mlp(ModelConfig config, String key, String otherwise) {
    return new Mlp(
        ConfigChecks.positive(config, "intermediate_size"),
        ConfigChecks.activation(config, key, otherwise),
        Gate.GATED);
  }

  /** The parts of every model of this shape. */
  static Blueprint.Builder parts(Architecture architecture) {
    if (!(architecture.positions() instanceof Rotary)) {
      throw new IllegalStateException(architecture.family() + " has no rotary positions");
    }
    return Blueprint.of(architecture)
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
        .notRun("score\\.(weight|bias)|qa_outputs\\..*|classifier\\..*")
        .notRun("(layers\\.\\d+\\.self_attn\\.)?rotary_emb\\.inv_freq");
  }

  /** Gives query, key, value and output projection a bias where attention_bias says so. */
  static void attentionBias(ModelConfig config, Blueprint.Builder parts) {
    if (config.flag("attention_bias", false)) {
      parts.biased(Part.Q_PROJ, Part.K_PROJ, Part.V_PROJ, Part.O_PROJ);
    }
  }

  /** Adds the norms of query and key heads. */
  static void headNorms(Blueprint.Builder parts) {
    parts
        .part(Part.Q_NORM, "model.layers.%d.self_attn.q_norm")
        .part(Part.K_NORM, "model.layers.%d.self_attn.k_norm");
  }
}
