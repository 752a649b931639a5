package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Architecture;
import io.radialnet.transformer.Architecture.Embedding;
import io.radialnet.transformer.Architecture.Gate;
import io.radialnet.transformer.Architecture.LayerForm;
import io.radialnet.transformer.Architecture.LmHead;
import io.radialnet.transformer.Architecture.Mlp;
import io.radialnet.transformer.Architecture.Norm;
import io.radialnet.transformer.Architecture.NormKind;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Part;
import io.radialnet.transformer.Positions.Learned;

/**
 * OPT (Zhang et al. 2022, arXiv 2205.01068): pre-norm decoders with learned positions, and the 350M
 * model's post-norm with narrower embeddings.
 *
 * <p>Honoured: activation_function, do_layer_norm_before, enable_bias, word_embed_proj_dim,
 * _remove_final_layer_norm, tie_word_embeddings. Refused: layer_norm_elementwise_affine = false.
 * Without effect on inference: dropout, attention_dropout, layerdrop, init_std.
 */
final class Opt implements Family {

  private static final double EPSILON = 1e-5; // torch's default, not in config.json
  private static final int POSITION_OFFSET = 2;

  @Override
  public String modelType() {
    return "opt";
  }

  @Override
  public Blueprint blueprint(ModelConfig config) {
    if (!config.flag("layer_norm_elementwise_affine", true)) {
      throw ConfigChecks.refused(
          config,
          "layer_norm_elementwise_affine is false",
          "Norms without weights are not computed here");
    }
    Architecture architecture = architecture(config);
    Blueprint.Builder parts =
        Blueprint.of(architecture)
            .part(Part.TOKEN_EMBEDDING, "model.decoder.embed_tokens")
            .part(Part.POSITION_EMBEDDING, "model.decoder.embed_positions")
            .part(Part.LM_HEAD, "lm_head")
            .part(Part.ATTN_NORM, "model.decoder.layers.%d.self_attn_layer_norm")
            .part(Part.Q_PROJ, "model.decoder.layers.%d.self_attn.q_proj")
            .part(Part.K_PROJ, "model.decoder.layers.%d.self_attn.k_proj")
            .part(Part.V_PROJ, "model.decoder.layers.%d.self_attn.v_proj")
            .part(Part.O_PROJ, "model.decoder.layers.%d.self_attn.out_proj")
            .part(Part.MLP_NORM, "model.decoder.layers.%d.final_layer_norm")
            .part(Part.UP_PROJ, "model.decoder.layers.%d.fc1")
            .part(Part.DOWN_PROJ, "model.decoder.layers.%d.fc2")
            .notRun("lm_head\\.weight")
            .notRun("score\\.weight|qa_outputs\\..*");
    if (config.flag("enable_bias", true)) {
      parts.biased(
          Part.Q_PROJ, Part.K_PROJ, Part.V_PROJ, Part.O_PROJ, Part.UP_PROJ, Part.DOWN_PROJ);
    }
    if (architecture.embedding().width() != architecture.hiddenSize()) {
      parts.part(Part.PROJECT_IN, "model.decoder.project_in");
      parts.part(Part.PROJECT_OUT, "model.decoder.project_out");
    }
    if (architecture.form() == LayerForm.PRE_NORM
        && !config.flag("_remove_final_layer_norm", false)) {
      parts.part(Part.FINAL_NORM, "model.decoder.final_layer_norm");
    }
    return parts.build();
  }

  private static Architecture architecture(ModelConfig config) {
    int hiddenSize = ConfigChecks.positive(config, "hidden_size");
    int layers = ConfigChecks.positive(config, "num_hidden_layers");
    Heads heads = Heads.sharing(config, "hidden_size", "num_attention_heads");
    int width =
        ConfigChecks.positive(
            config, "word_embed_proj_dim", config.integer("word_embed_proj_dim", hiddenSize));
    return new Architecture(
        "opt",
        layers,
        hiddenSize,
        new Embedding(ConfigChecks.positive(config, "vocab_size"), width, 1, 0),
        new Learned(ConfigChecks.positive(config, "max_position_embeddings"), POSITION_OFFSET),
        heads.causal(heads.everywhere(layers)),
        new Mlp(
            ConfigChecks.positive(config, "ffn_dim"),
            ConfigChecks.activation(config, "activation_function", "relu"),
            Gate.NONE),
        new Norm(NormKind.LAYER, EPSILON),
        config.flag("do_layer_norm_before", true) ? LayerForm.PRE_NORM : LayerForm.POST_NORM,
        LmHead.tied(config.flag("tie_word_embeddings", true)));
  }
}
