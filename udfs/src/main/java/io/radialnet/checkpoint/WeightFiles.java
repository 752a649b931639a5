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
 * Which files of a model directory hold its weights: as in transformers the first that is there of
 * model.safetensors, the shards that model.safetensors.index.json names, pytorch_model.bin, and the
 * shards of its index. Works from a list of names, so that the same rules serve a local directory
 * and one that is still to be fetched.
 *
 * @param format of all of them
 * @param names of the files, sorted
 * @param fileOfTensor from the index, sorted by tensor; empty without an index
 */
record WeightFiles(Format format, NavigableSet<String> names, Map<String, String> fileOfTensor) {

  /** The formats of weights, the preferred one first. */
  enum Format {
    SAFETENSORS("model.safetensors"),
    TORCH("pytorch_model.bin");

    private final String single;

    Format(String single) {
      this.single = single;
    }

    /** Name of the one file that holds all weights. */
    String single() {
      return single;
    }

    /** Name of the index of the shards that hold them otherwise. */
    String index() {
      return single + ".index.json";
    }

    WeightFile open(Path file) {
      return this == SAFETENSORS ? Safetensors.open(file) : TorchFile.open(file);
    }
  }

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
    for (Format format : Format.values()) {
      if (present.contains(format.single())) {
        return new WeightFiles(format, new TreeSet<>(Set.of(format.single())), Map.of());
      }
      if (present.contains(format.index())) {
        return sharded(directory, format, present, opener);
      }
    }
    throw noWeights(directory, present);
  }

  private static WeightFiles sharded(
      String directory, Format format, Set<String> present, Opener opener) {
    Map<String, String> fileOfTensor = readIndex(directory, format.index(), opener);
    NavigableSet<String> names = new TreeSet<>(fileOfTensor.values());
    checkPresent(directory, format.index(), names, present);
    return new WeightFiles(format, names, fileOfTensor);
  }

  private static Map<String, String> readIndex(String directory, String name, Opener opener) {
    String index = directory + "/" + name;
    byte[] text;
    try (InputStream in = opener.open(name)) {
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
      String directory, String index, NavigableSet<String> names, Set<String> present) {
    NavigableSet<String> missing = new TreeSet<>(names);
    missing.removeAll(present);
    if (!missing.isEmpty()) {
      throw UserException.of(
          "Cannot open model " + directory,
          String.format(
              "%s names %d files, of which %d are missing: %s",
              index, names.size(), missing.size(), Messages.listed(missing)),
          "Download the checkpoint again (in a hub cache, a link without its blob is missing too)");
    }
  }

  private static UserException noWeights(String directory, Set<String> present) {
    return UserException.of(
        "Cannot open model " + directory,
        "it has no weights, neither model.safetensors nor pytorch_model.bin, whole or in shards",
        "Download the checkpoint again; the directory has "
            + (present.isEmpty() ? "no files" : Messages.listed(new TreeSet<>(present))));
  }

  private static UserException badIndex(String index, String cause) {
    return UserException.of(
        "Cannot read " + index, cause, "Download or export the checkpoint again");
  }
}
