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
import io.radialnet.transformer.Positions.Learned;
import java.util.List;
import java.util.stream.IntStream;

/**
 * GPT-2 (Radford et al. 2019): pre-norm decoders with learned positions, whose linear maps are
 * stored as (inputs, outputs).
 *
 * <p>Honoured: n_inner, activation_function, layer_norm_epsilon, scale_attn_weights,
 * scale_attn_by_inverse_layer_idx, tie_word_embeddings. Refused: add_cross_attention. Without
 * effect on inference: resid_pdrop, embd_pdrop, attn_pdrop, initializer_range, the summary_ keys,
 * and reorder_and_upcast_attn (another order of the same products).
 */
final class Gpt2 implements Family {

  @Override
  public String modelType() {
    return "gpt2";
  }

  @Override
  public Blueprint blueprint(ModelConfig config) {
    if (config.flag("add_cross_attention", false)) {
      throw ConfigChecks.refused(
          config, "add_cross_attention is true", "Use a decoder without an encoder");
    }
    Part[] linear = {Part.QKV_PROJ, Part.O_PROJ, Part.UP_PROJ, Part.DOWN_PROJ};
    return Blueprint.of(architecture(config))
        .prefix("transformer.")
        .part(Part.TOKEN_EMBEDDING, "transformer.wte")
        .part(Part.POSITION_EMBEDDING, "transformer.wpe")
        .part(Part.FINAL_NORM, "transformer.ln_f")
        .part(Part.LM_HEAD, "lm_head")
        .part(Part.ATTN_NORM, "transformer.h.%d.ln_1")
        .part(Part.QKV_PROJ, "transformer.h.%d.attn.c_attn")
        .part(Part.O_PROJ, "transformer.h.%d.attn.c_proj")
        .part(Part.MLP_NORM, "transformer.h.%d.ln_2")
        .part(Part.UP_PROJ, "transformer.h.%d.mlp.c_fc")
        .part(Part.DOWN_PROJ, "transformer.h.%d.mlp.c_proj")
        .biased(linear)
        .transposed(linear)
        .notRun("lm_head\\.weight")
        .notRun("h\\.\\d+\\.attn\\.(bias|masked_bias)")
        .notRun("multiple_choice_head\\..*|score\\.(weight|bias)|qa_outputs\\..*|classifier\\..*")
        .build();
  }

  private static Architecture architecture(ModelConfig config) {
    int hiddenSize = ConfigChecks.positive(config, "n_embd");
    int layers = ConfigChecks.positive(config, "n_layer");
    Heads heads = Heads.sharing(config, "n_embd", "n_head");
    int width = ConfigChecks.positive(config, "n_inner", config.integer("n_inner", 4 * hiddenSize));
    return new Architecture(
        "gpt2",
        layers,
        hiddenSize,
        Embedding.plain(ConfigChecks.positive(config, "vocab_size"), hiddenSize),
        new Learned(ConfigChecks.positive(config, "n_positions"), 0),
        heads.causal(scales(config, heads, layers)),
        new Mlp(
            width, ConfigChecks.activation(config, "activation_function", "gelu_new"), Gate.NONE),
        new Norm(NormKind.LAYER, config.number("layer_norm_epsilon", 1e-5)),
        LayerForm.PRE_NORM,
        LmHead.tied(config.flag("tie_word_embeddings", true)));
  }

  private static List<LayerAttention> scales(ModelConfig config, Heads heads, int layers) {
    double scale = config.flag("scale_attn_weights", true) ? heads.scale() : 1;
    boolean byLayer = config.flag("scale_attn_by_inverse_layer_idx", false);
    return IntStream.range(0, layers)
        .mapToObj(layer -> new LayerAttention(byLayer ? scale / (layer + 1) : scale, 0))
        .toList();
  }
}
