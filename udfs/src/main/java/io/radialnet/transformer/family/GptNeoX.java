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
import io.radialnet.transformer.Blueprint.QkvRows;
import io.radialnet.transformer.Part;

/**
 * GPT-NeoX (Black et al. 2022, arXiv 2204.06745) and Pythia: decoders with LayerNorm, rotary
 * positions on a part of each head, and attention and feed-forward network side by side.
 *
 * <p>Honoured: use_parallel_residual, attention_bias, hidden_act, layer_norm_eps,
 * tie_word_embeddings, rotary_pct and rotary_emb_base (or rope_parameters, or rope_scaling) of
 * rope_type default, linear and llama3. Refused: other kinds of rope. Without effect on inference:
 * hidden_dropout, attention_dropout, classifier_dropout, initializer_range, is_decoder.
 */
final class GptNeoX implements Family {

  private static final double ROTATED_SHARE = 0.25;

  @Override
  public String modelType() {
    return "gpt_neox";
  }

  @Override
  public Blueprint blueprint(ModelConfig config) {
    Blueprint.Builder parts =
        Blueprint.of(architecture(config))
            .prefix("gpt_neox.")
            .part(Part.TOKEN_EMBEDDING, "gpt_neox.embed_in")
            .part(Part.FINAL_NORM, "gpt_neox.final_layer_norm")
            .part(Part.LM_HEAD, "embed_out")
            .part(Part.ATTN_NORM, "gpt_neox.layers.%d.input_layernorm")
            .part(Part.QKV_PROJ, "gpt_neox.layers.%d.attention.query_key_value")
            .qkvRows(QkvRows.BY_HEAD)
            .part(Part.O_PROJ, "gpt_neox.layers.%d.attention.dense")
            .part(Part.MLP_NORM, "gpt_neox.layers.%d.post_attention_layernorm")
            .part(Part.UP_PROJ, "gpt_neox.layers.%d.mlp.dense_h_to_4h")
            .part(Part.DOWN_PROJ, "gpt_neox.layers.%d.mlp.dense_4h_to_h")
            .biased(Part.UP_PROJ, Part.DOWN_PROJ)
            .notRun("embed_out\\.weight")
            .notRun("layers\\.\\d+\\.attention\\.(bias|masked_bias|rotary_emb\\.inv_freq)")
            .notRun("score\\.(weight|bias)|qa_outputs\\..*|classifier\\..*");
    if (config.flag("attention_bias", true)) {
      parts.biased(Part.QKV_PROJ, Part.O_PROJ);
    }
    return parts.build();
  }

  private static Architecture architecture(ModelConfig config) {
    int hiddenSize = ConfigChecks.positive(config, "hidden_size");
    int layers = ConfigChecks.positive(config, "num_hidden_layers");
    Heads heads = Heads.sharing(config, "hidden_size", "num_attention_heads");
    return new Architecture(
        "gpt_neox",
        layers,
        hiddenSize,
        Embedding.plain(ConfigChecks.positive(config, "vocab_size"), hiddenSize),
        Rope.partial(
            config, heads.headSize(), layers, "rotary_emb_base", "rotary_pct", ROTATED_SHARE),
        heads.causal(heads.everywhere(layers)),
        new Mlp(
            ConfigChecks.positive(config, "intermediate_size"),
            ConfigChecks.activation(config, "hidden_act", "gelu"),
            Gate.NONE),
        new Norm(NormKind.LAYER, config.number("layer_norm_eps", 1e-5)),
        config.flag("use_parallel_residual", true) ? LayerForm.PARALLEL : LayerForm.PRE_NORM,
        LmHead.tied(config.flag("tie_word_embeddings", false)));
  }
}
