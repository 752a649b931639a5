package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.error.UserException;
import java.util.Map;

/** Checks of config.json that several families share. */
final class ConfigChecks {

  private static final Map<String, String> ACTIVATIONS =
      Map.of(
          "relu", "relu",
          "silu", "silu",
          "swish", "silu",
          "gelu", "gelu",
          "gelu_python", "gelu",
          "gelu_fast", "gelu_tanh",
          "gelu_new", "gelu_tanh",
          "gelu_pytorch_tanh", "gelu_tanh");

  private ConfigChecks() {}

  /** The kernel's name of an activation function. */
  static String activation(ModelConfig config, String key, String otherwise) {
    String name = config.text(key, otherwise);
    String kernel = ACTIVATIONS.get(name);
    if (kernel == null) {
      throw refused(
          config,
          key + " '" + name + "' is not computed here",
          "Supported are " + String.join(", ", ACTIVATIONS.keySet().stream().sorted().toList()));
    }
    return kernel;
  }

  /** A size that must be at least 1. */
  static int positive(ModelConfig config, String key) {
    return positive(config, key, config.integer(key));
  }

  static int positive(ModelConfig config, String key, int value) {
    if (value < 1) {
      throw refused(config, key + " is " + value, "It must be at least 1");
    }
    return value;
  }

  /** Fails unless the first size is a multiple of the second. */
  static void divisible(ModelConfig config, String key, int value, String byKey, int by) {
    if (value % by != 0) {
      throw refused(
          config,
          key + " (" + value + ") is no multiple of " + byKey + " (" + by + ")",
          "Correct config.json");
    }
  }

  /** The failure of a configuration that cannot be run. */
  static UserException refused(ModelConfig config, String cause, String remedy) {
    return UserException.of("Cannot load " + config.name(), "in config.json " + cause, remedy);
  }
}
