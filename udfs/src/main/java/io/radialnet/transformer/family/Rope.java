package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Positions.Frequencies;
import io.radialnet.transformer.Positions.Rotary;
import io.radialnet.transformer.RopeScaling;
import java.util.Collections;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Rotary positions as config.json describes them: {@code rope_parameters} (transformers 5), or
 * {@code rope_theta} beside {@code rope_scaling} (transformers 4).
 */
final class Rope {

  private static final double DEFAULT_THETA = 10_000;
  private static final double GLOBAL_THETA = 1_000_000;

  private Rope() {}

  /** Whole heads rotated by the same frequencies in every layer. */
  static Rotary everywhere(ModelConfig config, int headSize, int layers) {
    double share = share(config, "partial_rotary_factor", 1);
    if (share != 1) {
      throw ConfigChecks.refused(
          config,
          "partial_rotary_factor is " + share,
          "This family is computed with whole heads rotated only");
    }
    return new Rotary(
        positions(config),
        headSize,
        Collections.nCopies(layers, frequencies(config, "rope_theta", DEFAULT_THETA)));
  }

  /**
   * The first part of each head rotated.
   *
   * @param thetaKey of the base beside rope_parameters
   * @param shareKey of the rotated share beside rope_parameters
   */
  static Rotary partial(
      ModelConfig config,
      int headSize,
      int layers,
      String thetaKey,
      String shareKey,
      double otherwise) {
    double share = share(config, shareKey, otherwise);
    int rotated = (int) (headSize * share);
    if (share <= 0 || share > 1 || rotated < 1) {
      throw ConfigChecks.refused(
          config,
          "a share of " + share + " of heads of " + headSize + " numbers is rotated",
          "It must be over 0 and at most 1 and come to a number at least; correct " + shareKey);
    }
    return new Rotary(
        positions(config),
        rotated,
        Collections.nCopies(layers, frequencies(config, thetaKey, DEFAULT_THETA)));
  }

  /** Other frequencies in layers with a window than in those without (Gemma 3). */
  static Rotary localAndGlobal(ModelConfig config, int headSize, boolean[] sliding) {
    Optional<ModelConfig> both = config.object("rope_parameters");
    Frequencies global =
        both.flatMap(rope -> rope.object("full_attention"))
            .map(rope -> frequencies(config, rope, globalTheta(config)))
            .orElseGet(() -> frequencies(config, "rope_theta", GLOBAL_THETA));
    Frequencies local =
        both.flatMap(rope -> rope.object("sliding_attention"))
            .map(rope -> frequencies(config, rope, localTheta(config)))
            .orElseGet(() -> new Frequencies(localTheta(config), new RopeScaling.None()));
    return new Rotary(
        positions(config),
        headSize,
        IntStream.range(0, sliding.length).mapToObj(l -> sliding[l] ? local : global).toList());
  }

  private static double globalTheta(ModelConfig config) {
    return config.number("rope_theta", GLOBAL_THETA);
  }

  private static double localTheta(ModelConfig config) {
    return config.number("rope_local_base_freq", DEFAULT_THETA);
  }

  private static int positions(ModelConfig config) {
    return ConfigChecks.positive(config, "max_position_embeddings");
  }

  private static double share(ModelConfig config, String key, double otherwise) {
    double beside = config.number(key, config.number("partial_rotary_factor", otherwise));
    return parameters(config)
        .map(rope -> rope.number("partial_rotary_factor", beside))
        .orElse(beside);
  }

  private static Frequencies frequencies(ModelConfig config, String thetaKey, double otherwise) {
    double beside = config.number(thetaKey, otherwise);
    return parameters(config)
        .map(rope -> frequencies(config, rope, beside))
        .orElseGet(() -> new Frequencies(beside, new RopeScaling.None()));
  }

  private static Frequencies frequencies(ModelConfig config, ModelConfig rope, double theta) {
    double base = rope.number("rope_theta", theta);
    if (!(base > 1)) {
      throw ConfigChecks.refused(config, "rope_theta is " + base, "It must be greater than 1");
    }
    return new Frequencies(base, scaling(config, rope));
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
