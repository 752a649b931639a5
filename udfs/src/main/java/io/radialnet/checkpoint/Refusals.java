package io.radialnet.checkpoint;

import io.radialnet.error.UserException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The kinds of checkpoint that no family here can run, recognised by config.json alone, so that a
 * user reads the kind's name instead of a list of unknown tensors.
 */
public final class Refusals {

  private static final List<String> EXPERT_COUNTS =
      List.of("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts");

  /** Mixtures of experts whose model_type says so without the letters "moe". */
  private static final Set<String> EXPERT_TYPES =
      Set.of("mixtral", "dbrx", "jamba", "arctic", "gpt_oss", "switch_transformers");

  private static final List<String> MODALITIES =
      List.of("vision_config", "audio_config", "text_config");

  private Refusals() {}

  /**
   * Refuses quantised, mixture-of-experts and multimodal models.
   *
   * @throws UserException that names the kind and the key of config.json that shows it
   */
  public static void check(ModelConfig config) {
    refuseQuantised(config);
    refuseMixtureOfExperts(config);
    refuseMultimodal(config);
  }

  private static void refuseQuantised(ModelConfig config) {
    config
        .object("quantization_config")
        .ifPresent(
            quantization -> {
              String method = quantization.text("quant_method", "unnamed");
              throw refusal(
                  config,
                  "it is quantised (quantization_config, quant_method '" + method + "')",
                  "Use the checkpoint with float32, float16 or bfloat16 weights that it was made"
                      + " from");
            });
  }

  private static void refuseMixtureOfExperts(ModelConfig config) {
    expertSign(config)
        .ifPresent(
            sign -> {
              throw refusal(
                  config,
                  "it is a mixture of experts (" + sign + ")",
                  "Use a dense model: each token must pass every block");
            });
  }

  private static Optional<String> expertSign(ModelConfig config) {
    for (String key : EXPERT_COUNTS) {
      if (config.integer(key, 0) > 0) {
        return Optional.of(key + " " + config.integer(key));
      }
    }
    String type = config.text("model_type", "");
    boolean isMixture = type.contains("moe") || EXPERT_TYPES.contains(type);
    return isMixture ? Optional.of("model_type '" + type + "'") : Optional.empty();
  }

  private static void refuseMultimodal(ModelConfig config) {
    MODALITIES.stream()
        .filter(config::has)
        .findFirst()
        .ifPresent(
            key -> {
              throw refusal(
                  config,
                  "it is multimodal (" + key + ")",
                  "Use a model of text alone or of images alone");
            });
  }

  private static UserException refusal(ModelConfig config, String cause, String remedy) {
    return UserException.of("Cannot run model " + config.name(), cause, remedy);
  }
}
