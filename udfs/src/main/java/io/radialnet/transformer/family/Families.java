package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.error.UserException;
import io.radialnet.transformer.Blueprint;
import java.util.List;
import java.util.stream.Collectors;

/** The registry of families. */
public final class Families {

  private static final List<Family> ALL =
      List.of(
          new Bert(),
          new Gemma2(),
          new Gemma3(),
          new Gpt2(),
          new GptNeoX(),
          new Llama(),
          new Mistral(),
          new Opt(),
          new Qwen2(),
          new Qwen3());

  private Families() {}

  /**
   * The blueprint of a model.
   *
   * @throws UserException if no family of that model_type is known, naming those that are
   */
  public static Blueprint blueprint(ModelConfig config) {
    return ALL.stream()
        .filter(family -> family.modelType().equals(config.modelType()))
        .findFirst()
        .orElseThrow(
            () ->
                UserException.of(
                    "Cannot load " + config.name(),
                    "model_type '" + config.modelType() + "' is not supported",
                    "Use a model of one of the families " + String.join(", ", modelTypes())))
        .blueprint(config);
  }

  /** The supported values of model_type, sorted. */
  public static List<String> modelTypes() {
    return ALL.stream().map(Family::modelType).sorted().collect(Collectors.toList());
  }
}
