package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Architecture;
import io.radialnet.transformer.Architecture.Attention;
import io.radialnet.transformer.Architecture.Direction;
import io.radialnet.transformer.Architecture.Embedding;
import io.radialnet.transformer.Architecture.HeadWeights;
import io.radialnet.transformer.Architecture.LayerAttention;
import io.radialnet.transformer.Architecture.LayerForm;
import io.radialnet.transformer.Architecture.LmHead;
import io.radialnet.transformer.Architecture.Norm;
import io.radialnet.transformer.Architecture.NormKind;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Part;
import io.radialnet.transformer.Positions.Rotary;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What Gemma 2 and Gemma 3 share: norms before and after each block, by 1 + weight; embeddings
 * scaled by sqrt(E); windows in some layers; scores scaled by 1 / sqrt(query_pre_attn_scalar).
 */
final class Gemma {

  private static final int WINDOW = 4096;
  private static final int KV_HEADS = 4;
  private static final int HEAD_SIZE = 256;
  private static final int QUERY_SCALAR = 256;

  private Gemma() {}

  /** The sizes of the heads, with the defaults of these families. */
  static Heads heads(ModelConfig config) {
    return Heads.grouped(config, KV_HEADS, HEAD_SIZE);
  }

  /** The width of the windows of those layers that have one. */
  static int window(ModelConfig config) {
    return LayerTypes.window(config, WINDOW);
  }

  /**
   * The architecture.
   *
   * @param sliding whether each layer has the window
   * @param softCaps of scores and logits, where config.json does not say
   */
  static Architecture architecture(
      ModelConfig config, Heads heads, boolean[] sliding, Rotary positions, SoftCaps softCaps) {
    if (config.flag("use_bidirectional_attention", false)) {
      throw ConfigChecks.refused(
          config,
          "use_bidirectional_attention is true",
          "This family is computed as a causal decoder only");
    }
    int hiddenSize = ConfigChecks.positive(config, "hidden_size");
    double scalar = config.number("query_pre_attn_scalar", QUERY_SCALAR);
    int window = window(config);
    List<LayerAttention> layers =
        IntStream.range(0, sliding.length)
            .mapToObj(l -> new LayerAttention(1 / Math.sqrt(scalar), sliding[l] ? window : 0))
            .toList();
    HeadWeights head =
        config.flag("tie_word_embeddings", true) ? HeadWeights.TIED : HeadWeights.OWN;
    return new Architecture(
        config.modelType(),
        sliding.length,
        hiddenSize,
        new Embedding(
            ConfigChecks.positive(config, "vocab_size"), hiddenSize, Math.sqrt(hiddenSize), 0),
        positions,
        new Attention(
            heads.heads(),
            heads.kvHeads(),
            heads.headSize(),
            Direction.CAUSAL,
            softCap(config, "attn_logit_softcapping", softCaps.scores()),
            layers),
        LlamaLike.mlp(config, "hidden_activation", "gelu_pytorch_tanh"),
        new Norm(NormKind.RMS_ONE_PLUS, config.number("rms_norm_eps", 1e-6)),
        LayerForm.SANDWICH,
        new LmHead(head, softCap(config, "final_logit_softcapping", softCaps.logits())));
  }

  /**
   * Caps where the keys are absent.
   *
   * @param scores of attention, 0 for none
   * @param logits of the LM head, 0 for none
   */
  record SoftCaps(double scores, double logits) {}

  private static double softCap(ModelConfig config, String key, double otherwise) {
    double cap = config.isNull(key) ? 0 : config.number(key, otherwise);
    if (cap < 0) {
      throw ConfigChecks.refused(config, key + " is " + cap, "It must be positive, or null");
    }
    return cap;
  }

  /** The parts of both families. */
  static Blueprint.Builder parts(ModelConfig config, Architecture architecture) {
    Blueprint.Builder parts =
        LlamaLike.parts(architecture)
            .part(Part.ATTN_UPDATE_NORM, "model.layers.%d.post_attention_layernorm")
            .part(Part.MLP_NORM, "model.layers.%d.pre_feedforward_layernorm")
            .part(Part.MLP_UPDATE_NORM, "model.layers.%d.post_feedforward_layernorm");
    LlamaLike.attentionBias(config, parts);
    return parts;
  }
}
