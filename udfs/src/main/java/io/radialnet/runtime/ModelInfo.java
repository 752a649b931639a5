package io.radialnet.runtime;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.checkpoint.TensorFiles;
import io.radialnet.error.UserException;
import io.radialnet.transformer.Architecture;
import io.radialnet.transformer.Architecture.LayerForm;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Blueprint.Head;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

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
 * @param hashing the fingerprint, once the files are read: in the background, for they are large
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
    CompletableFuture<String> hashing,
    List<String> unusedTensors,
    LayerForm form) {

  static ModelInfo of(
      ModelConfig config,
      Blueprint blueprint,
      TensorFiles files,
      List<String> unused,
      CompletableFuture<String> hashing) {
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
        hashing,
        unused,
        architecture.form());
  }

  /**
   * Of the files that decide values; waits until they have been read.
   *
   * @throws UserException if a file cannot be read
   */
  public String fingerprint() {
    try {
      return hashing.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof UserException known ? known : e;
    }
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
