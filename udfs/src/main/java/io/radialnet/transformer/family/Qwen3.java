package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Blueprint;

/**
 * Qwen3 (Yang et al. 2025, arXiv 2505.09388): Llama's shape with a norm over each query and key
 * head.
 *
 * <p>Honoured: attention_bias, head_dim (absent: 128), and the keys of {@link Qwen2}. Refused:
 * other kinds of rope. Without effect on inference: attention_dropout, initializer_range.
 */
final class Qwen3 implements Family {

  private static final int HEAD_SIZE = 128;

  @Override
  public String modelType() {
    return "qwen3";
  }

  @Override
  public Blueprint blueprint(ModelConfig config) {
    Heads heads = Heads.grouped(config, QwenWindows.KV_HEADS, HEAD_SIZE);
    Blueprint.Builder parts =
        LlamaLike.parts(LlamaLike.preNorm(config, heads, QwenWindows.layers(config, heads), false));
    LlamaLike.headNorms(parts);
    LlamaLike.attentionBias(config, parts);
    return parts.build();
  }
}
