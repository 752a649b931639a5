package io.radialnet.jobs.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.router.RouterFeatures;
import io.radialnet.router.RouterFeatures.Inputs;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The {@code examples.json} beside a finished table of router examples: what they are about.
 * Immutable; stays on the driver.
 *
 * @param runId identity of the run that wrote them
 * @param model name of the model
 * @param modelFingerprint of the model's files
 * @param corpusFingerprint of the corpus
 * @param layers L
 * @param hiddenSize E
 * @param vocabularySize V
 * @param inputs whether attention and feed-forward network of a layer see the same stream
 * @param threshold a block of a smaller residual ratio is labelled as one to skip
 * @param seed of the sample
 * @param features how the features were computed
 * @param examples rows of the table
 * @param tokens of the corpus that are not special
 * @param json the whole file
 */
public record ExamplesManifest(
    String runId,
    String model,
    String modelFingerprint,
    String corpusFingerprint,
    int layers,
    int hiddenSize,
    int vocabularySize,
    Inputs inputs,
    double threshold,
    long seed,
    RouterFeatures features,
    long examples,
    long tokens,
    ObjectNode json) {

  /** Its file name. */
  public static final String FILE_NAME = "examples.json";

  /**
   * Reads the manifest of a finished directory.
   *
   * @throws UserException if the directory has none, it cannot be read, or the run is not finished
   */
  public static ExamplesManifest read(Path directory, Configuration conf) {
    ObjectNode json =
        RunManifest.read(directory, FILE_NAME, conf)
            .orElseThrow(() -> foreign(directory, "it has no " + FILE_NAME));
    if (!json.path("status").asText().equals(RunManifest.COMPLETE)) {
      throw UserException.of(
          "Cannot read the examples in " + directory,
          "their run is not finished",
          "Run the same router-data command again: it goes on where it was interrupted");
    }
    JsonNode features = required(json, "features", directory);
    return new ExamplesManifest(
        required(json, "run_id", directory).asText(),
        required(json, "model", directory).asText(),
        required(json, "model_fingerprint", directory).asText(),
        required(json, "corpus_fingerprint", directory).asText(),
        required(json, "layers", directory).asInt(),
        required(json, "hidden_size", directory).asInt(),
        required(json, "vocabulary_size", directory).asInt(),
        required(json, "parallel", directory).asBoolean() ? Inputs.PARALLEL : Inputs.SEQUENTIAL,
        required(json, "threshold", directory).asDouble(),
        required(json, "seed", directory).asLong(),
        new RouterFeatures(
            required(features, "projection", directory).asInt(),
            required(features, "projection_seed", directory).asLong(),
            required(features, "version", directory).asInt()),
        required(json, "examples", directory).asLong(),
        required(json, "tokens", directory).asLong(),
        json);
  }

  private static JsonNode required(JsonNode object, String key, Path directory) {
    if (!object.hasNonNull(key)) {
      throw foreign(directory, "its " + FILE_NAME + " has no " + key);
    }
    return object.path(key);
  }

  private static UserException foreign(Path directory, String reason) {
    return UserException.of(
        "Cannot read the examples in " + directory,
        reason,
        "Name a directory that router-data wrote");
  }
}
