package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Architecture;
import io.radialnet.transformer.Architecture.Attention;
import io.radialnet.transformer.Architecture.Direction;
import io.radialnet.transformer.Architecture.Embedding;
import io.radialnet.transformer.Architecture.Gate;
import io.radialnet.transformer.Architecture.HeadWeights;
import io.radialnet.transformer.Architecture.LayerForm;
import io.radialnet.transformer.Architecture.LmHead;
import io.radialnet.transformer.Architecture.Mlp;
import io.radialnet.transformer.Architecture.Norm;
import io.radialnet.transformer.Architecture.NormKind;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Part;
import io.radialnet.transformer.Positions.Learned;

/**
 * BERT (Devlin et al. 2018, arXiv 1810.04805): post-norm encoders with learned positions. Every
 * token is of type 0, as transformers has it for single texts.
 *
 * <p>Honoured: hidden_act, layer_norm_eps, type_vocab_size. Refused: is_decoder,
 * add_cross_attention, a position_embedding_type other than absolute. Without effect on inference:
 * the dropout keys, initializer_range, use_cache. The heads for masked words and next sentences and
 * the pooler are not run.
 */
final class Bert implements Family {

  @Override
  public String modelType() {
    return "bert";
  }

  @Override
  public Blueprint blueprint(ModelConfig config) {
    refuseDecoders(config);
    return Blueprint.of(architecture(config))
        .prefix("bert.")
        .part(Part.TOKEN_EMBEDDING, "bert.embeddings.word_embeddings")
        .part(Part.TOKEN_TYPE_EMBEDDING, "bert.embeddings.token_type_embeddings")
        .part(Part.POSITION_EMBEDDING, "bert.embeddings.position_embeddings")
        .part(Part.EMBEDDING_NORM, "bert.embeddings.LayerNorm")
        .part(Part.Q_PROJ, "bert.encoder.layer.%d.attention.self.query")
        .part(Part.K_PROJ, "bert.encoder.layer.%d.attention.self.key")
        .part(Part.V_PROJ, "bert.encoder.layer.%d.attention.self.value")
        .part(Part.O_PROJ, "bert.encoder.layer.%d.attention.output.dense")
        .part(Part.ATTN_NORM, "bert.encoder.layer.%d.attention.output.LayerNorm")
        .part(Part.UP_PROJ, "bert.encoder.layer.%d.intermediate.dense")
        .part(Part.DOWN_PROJ, "bert.encoder.layer.%d.output.dense")
        .part(Part.MLP_NORM, "bert.encoder.layer.%d.output.LayerNorm")
        .biased(Part.Q_PROJ, Part.K_PROJ, Part.V_PROJ, Part.O_PROJ, Part.UP_PROJ, Part.DOWN_PROJ)
        .notRun("embeddings\\.(position_ids|token_type_ids)")
        .notRun("pooler\\..*|cls\\..*|classifier\\..*|qa_outputs\\..*")
        .build();
  }

  private static void refuseDecoders(ModelConfig config) {
    for (String key : new String[] {"is_decoder", "add_cross_attention"}) {
      if (config.flag(key, false)) {
        throw ConfigChecks.refused(
            config, key + " is true", "This family is computed as an encoder only");
      }
    }
    String positions = config.text("position_embedding_type", "absolute");
    if (!positions.equals("absolute")) {
      throw ConfigChecks.refused(
          config,
          "position_embedding_type '" + positions + "' is not computed here",
          "Supported is absolute");
    }
  }

  private static Architecture architecture(ModelConfig config) {
    int hiddenSize = ConfigChecks.positive(config, "hidden_size");
    int layers = ConfigChecks.positive(config, "num_hidden_layers");
    Heads heads = Heads.sharing(config, "hidden_size", "num_attention_heads");
    int types =
        ConfigChecks.positive(config, "type_vocab_size", config.integer("type_vocab_size", 2));
    return new Architecture(
        "bert",
        layers,
        hiddenSize,
        new Embedding(ConfigChecks.positive(config, "vocab_size"), hiddenSize, 1, types),
        new Learned(ConfigChecks.positive(config, "max_position_embeddings"), 0),
        new Attention(
            heads.heads(),
            heads.kvHeads(),
            heads.headSize(),
            Direction.BOTH,
            0,
            heads.everywhere(layers)),
        new Mlp(
            ConfigChecks.positive(config, "intermediate_size"),
            ConfigChecks.activation(config, "hidden_act", "gelu"),
            Gate.NONE),
        new Norm(NormKind.LAYER, config.number("layer_norm_eps", 1e-12)),
        LayerForm.POST_NORM,
        new LmHead(HeadWeights.NONE, 0));
  }
}
