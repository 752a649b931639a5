package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.RopeScaling;
import java.util.Optional;

/**
 * Rotary positions as config.json describes them: {@code rope_parameters} (transformers 5), or
 * {@code rope_theta} beside {@code rope_scaling} (transformers 4).
 */
final class Rope {

  private static final double DEFAULT_THETA = 10_000;

  private Rope() {}

  static double theta(ModelConfig config) {
    double beside = config.number("rope_theta", DEFAULT_THETA);
    return parameters(config).map(rope -> rope.number("rope_theta", beside)).orElse(beside);
  }

  static RopeScaling scaling(ModelConfig config) {
    double partial = config.number("partial_rotary_factor", 1);
    Optional<ModelConfig> parameters = parameters(config);
    partial =
        parameters.isPresent()
            ? parameters.get().number("partial_rotary_factor", partial)
            : partial;
    if (partial != 1) {
      throw ConfigChecks.refused(
          config,
          "partial_rotary_factor is " + partial,
          "This family is computed with whole heads rotated only");
    }
    return parameters.map(rope -> scaling(config, rope)).orElseGet(RopeScaling.None::new);
  }

  private static RopeScaling scaling(ModelConfig config, ModelConfig rope) {
    String type = rope.text("rope_type", rope.text("type", "default"));
    return switch (type) {
      case "default" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(rope.number("factor"));
      case "llama3" ->
          new RopeScaling.Llama3(
              rope.number("factor"),
              rope.number("low_freq_factor"),
              rope.number("high_freq_factor"),
              rope.integer("original_max_position_embeddings"));
      default ->
          throw ConfigChecks.refused(
              config,
              "rope_type '" + type + "' is not computed here",
              "Supported are default, linear, llama3");
    };
  }

  private static Optional<ModelConfig> parameters(ModelConfig config) {
    return config.object("rope_parameters").or(() -> config.object("rope_scaling"));
  }
}
