package io.radialnet.runtime;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.checkpoint.TensorFiles;
import io.radialnet.transformer.Architecture;
import io.radialnet.transformer.Architecture.LayerForm;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Blueprint.Head;
import java.util.List;
import java.util.Set;

/**
 * What a model directory holds.
 *
 * @param name of the directory, or of the hub's repository
 * @param family model_type
 * @param modality text
 * @param layers L
 * @param hiddenSize E
 * @param vocabularySize V
 * @param positions longest sequence
 * @param parameters numbers in all tensors of the network and its LM head, tied ones once
 * @param weightBytes of all tensors as stored
 * @param fingerprint of the files that decide values
 * @param unusedTensors known tensors that are not run
 * @param form how its layers put their parts together
 */
public record ModelInfo(
    String name,
    String family,
    String modality,
    int layers,
    int hiddenSize,
    int vocabularySize,
    int positions,
    long parameters,
    long weightBytes,
    String fingerprint,
    List<String> unusedTensors,
    LayerForm form) {

  static ModelInfo of(
      ModelConfig config,
      Blueprint blueprint,
      TensorFiles files,
      List<String> unused,
      String fingerprint) {
    Architecture architecture = blueprint.architecture();
    return new ModelInfo(
        config.name(),
        architecture.family(),
        "text",
        architecture.layers(),
        architecture.hiddenSize(),
        architecture.embedding().vocabularySize(),
        architecture.positions().count(),
        parameters(blueprint, files.names()),
        files.totalBytes(),
        fingerprint,
        unused,
        architecture.form());
  }

  private static long parameters(Blueprint blueprint, Set<String> present) {
    return blueprint.tensors(Head.USED, present).entrySet().stream()
        .filter(tensor -> present.contains(tensor.getKey()))
        .mapToLong(tensor -> elements(tensor.getValue()))
        .sum();
  }

  private static long elements(long[] shape) {
    long elements = 1;
    for (long dimension : shape) {
      elements *= dimension;
    }
    return elements;
  }
}
