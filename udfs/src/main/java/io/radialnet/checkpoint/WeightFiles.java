package io.radialnet.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which files of a model directory hold its weights: model.safetensors, or else the shards that
 * model.safetensors.index.json names. Works from a list of names, so that the same rules serve a
 * local directory and one that is still to be fetched.
 *
 * @param names of the files, sorted
 * @param fileOfTensor from the index, sorted by tensor; empty without an index
 */
record WeightFiles(NavigableSet<String> names, Map<String, String> fileOfTensor) {

  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  /** Opens one file of the directory by its name. */
  @FunctionalInterface
  interface Opener {
    InputStream open(String name) throws IOException;
  }

  /** Finds the weights of a local directory. */
  static WeightFiles locate(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      // A link whose target is gone is no regular file: such a shard is reported as missing.
      Set<String> present =
          entries
              .filter(Files::isRegularFile)
              .map(file -> file.getFileName().toString())
              .collect(Collectors.toSet());
      return locate(
          directory.toString(), present, name -> Files.newInputStream(directory.resolve(name)));
    } catch (IOException e) {
      throw UserException.of(
          "Cannot open model " + directory,
          Messages.reason(e),
          "Check the path and its permissions",
          e);
    }
  }

  /**
   * Finds the weights among the files that a directory has.
   *
   * @param directory for messages
   * @throws UserException if there are none, the index is unusable, or a shard of it is absent
   */
  static WeightFiles locate(String directory, Set<String> present, Opener opener) {
    if (present.contains(SINGLE)) {
      return new WeightFiles(new TreeSet<>(Set.of(SINGLE)), Map.of());
    }
    if (!present.contains(INDEX)) {
      throw noWeights(directory, present);
    }
    Map<String, String> fileOfTensor = readIndex(directory + "/" + INDEX, opener);
    NavigableSet<String> names = new TreeSet<>(fileOfTensor.values());
    checkPresent(directory, names, present);
    return new WeightFiles(names, fileOfTensor);
  }

  private static Map<String, String> readIndex(String index, Opener opener) {
    byte[] text;
    try (InputStream in = opener.open(INDEX)) {
      text = in.readAllBytes();
    } catch (IOException e) {
      throw UserException.of(
          "Cannot read " + index, Messages.reason(e), "Check the path and its permissions", e);
    }
    ObjectNode root = Json.object(index, text);
    JsonNode weightMap = root.path("weight_map");
    if (!weightMap.isObject() || weightMap.isEmpty()) {
      throw badIndex(index, "it has no weight_map from tensors to files");
    }
    Map<String, String> fileOfTensor = new TreeMap<>();
    weightMap
        .properties()
        .forEach(
            entry -> {
              checkPlainName(index, entry.getKey(), entry.getValue());
              fileOfTensor.put(entry.getKey(), entry.getValue().textValue());
            });
    return Collections.unmodifiableMap(fileOfTensor);
  }

  /** An index is foreign text: it may name files of its own directory and nothing else. */
  private static void checkPlainName(String index, String tensor, JsonNode value) {
    String name = value.asText();
    boolean isPlain =
        value.isTextual()
            && !name.isEmpty()
            && !name.equals(".")
            && !name.equals("..")
            && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
    if (!isPlain) {
      throw badIndex(
          index,
          "it places tensor '" + tensor + "' in " + value + ", not a file of the same directory");
    }
  }

  private static void checkPresent(
      String directory, NavigableSet<String> names, Set<String> present) {
    NavigableSet<String> missing = new TreeSet<>(names);
    missing.removeAll(present);
    if (!missing.isEmpty()) {
      throw UserException.of(
          "Cannot open model " + directory,
          String.format(
              "%s names %d files, of which %d are missing: %s",
              INDEX, names.size(), missing.size(), Messages.listed(missing)),
          "Download the checkpoint again (in a hub cache, a link without its blob is missing too)");
    }
  }

  private static UserException noWeights(String directory, Set<String> present) {
    String problem = "Cannot open model " + directory;
    boolean hasPickle =
        present.stream()
            .anyMatch(name -> name.matches("pytorch_model.*\\.(bin|bin\\.index\\.json)"));
    if (hasPickle) {
      return UserException.of(
          problem,
          "its weights are pytorch_model.bin, a format that is not read yet",
          "Convert it once with transformers:"
              + " AutoModelForCausalLM.from_pretrained(DIR).save_pretrained(DIR,"
              + " safe_serialization=True)");
    }
    return UserException.of(
        problem,
        "it has no weights, neither " + SINGLE + " nor " + INDEX,
        "Download the checkpoint again; the directory has "
            + (present.isEmpty() ? "no files" : Messages.listed(new TreeSet<>(present))));
  }

  private static UserException badIndex(String index, String cause) {
    return UserException.of(
        "Cannot read " + index, cause, "Download or export the checkpoint again");
  }
}
