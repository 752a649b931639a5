package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Which layers have a sliding window, as sliding_window and layer_types of config.json say. */
final class LayerTypes {

  private static final String SLIDING = "sliding_attention";
  private static final String FULL = "full_attention";

  private LayerTypes() {}

  /**
   * The width of sliding windows, 0 for none.
   *
   * @param otherwise where the key is absent; null means none
   */
  static int window(ModelConfig config, int otherwise) {
    if (!config.has("sliding_window")) {
      return config.isNull("sliding_window") ? 0 : otherwise;
    }
    return ConfigChecks.positive(config, "sliding_window");
  }

  /**
   * Whether each layer slides.
   *
   * @param otherwise where layer_types is absent
   */
  static boolean[] sliding(ModelConfig config, int layers, IntPredicate otherwise) {
    List<String> types = config.texts("layer_types");
    if (types.isEmpty()) {
      types = IntStream.range(0, layers).mapToObj(l -> otherwise.test(l) ? SLIDING : FULL).toList();
    }
    if (types.size() != layers) {
      throw ConfigChecks.refused(
          config,
          "layer_types has " + types.size() + " entries, num_hidden_layers is " + layers,
          "Correct config.json");
    }
    boolean[] sliding = new boolean[layers];
    for (int l = 0; l < layers; l++) {
      String type = types.get(l);
      if (!type.equals(SLIDING) && !type.equals(FULL)) {
        throw ConfigChecks.refused(
            config,
            "layer_types has '" + type + "', which is not computed here",
            "Supported are " + FULL + ", " + SLIDING);
      }
      sliding[l] = type.equals(SLIDING);
    }
    return sliding;
  }

  /** Fails where layer_types is there and names another kind than the one of all layers. */
  static void requireUniform(ModelConfig config, boolean slides) {
    String all = slides ? SLIDING : FULL;
    for (String type : config.texts("layer_types")) {
      if (!type.equals(all)) {
        throw ConfigChecks.refused(
            config,
            "layer_types has '" + type + "' where sliding_window makes all layers " + all,
            "Layers of different kinds are not computed in this family");
      }
    }
  }
}
