package io.radialnet.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The config.json of a Hugging Face directory, or an object inside it, read by typed keys.
 *
 * <p>A key whose value is null counts as absent, as in transformers. A value of the wrong type is
 * always a {@link UserException} that names file, key, the value found and what was expected; so is
 * an absent key where no default is given.
 *
 * <p>Immutable and thread-safe. Not serializable: send {@link #json()} and rebuild with {@link
 * #of}.
 */
public final class ModelConfig {

  static final String FILE = "config.json";

  private final String name;
  private final String source;
  private final String keyPrefix;
  private final ObjectNode values;

  private ModelConfig(String name, String source, String keyPrefix, ObjectNode values) {
    this.name = name;
    this.source = source;
    this.keyPrefix = keyPrefix;
    this.values = values;
  }

  /**
   * Reads config.json of a model directory.
   *
   * @throws UserException if there is no such directory, no config.json in it, or no JSON object in
   *     that
   */
  public static ModelConfig read(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw UserException.of(
          "Cannot open model " + directory,
          Files.exists(directory) ? "it is not a directory" : "there is no such directory",
          "Name a directory with config.json and weights");
    }
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw noConfig(directory.toString());
    }
    try {
      byte[] text = Files.readAllBytes(file);
      return new ModelConfig(
          HubLayout.modelName(directory), file.toString(), "", Json.object(file.toString(), text));
    } catch (IOException e) {
      throw UserException.of(
          "Cannot read " + file, Messages.reason(e), "Check the path and its permissions", e);
    }
  }

  /** Rebuilds a configuration from {@link #name()} and {@link #json()}. */
  public static ModelConfig of(String name, String json) {
    String source = FILE + " of " + name;
    return new ModelConfig(
        name, source, "", Json.object(source, json.getBytes(StandardCharsets.UTF_8)));
  }

  /** The failure for a directory that holds no model. */
  static UserException noConfig(String directory) {
    return UserException.of(
        "Cannot open model " + directory,
        "the directory has no " + FILE,
        "Name a directory in Hugging Face format, with config.json and weights");
  }

  /** What users call the model: "org/name" for a snapshot of the hub, else the directory's name. */
  public String name() {
    return name;
  }

  /** The architecture, as transformers spells it: "opt", "llama". */
  public String modelType() {
    return text("model_type");
  }

  /** Whether the key is present and not null. */
  public boolean has(String key) {
    return values.hasNonNull(key);
  }

  /** Whether the key is present and null: to some keys that says more than their absence. */
  public boolean isNull(String key) {
    return values.path(key).isNull();
  }

  /** The value of a key that must be there. */
  public int integer(String key) {
    return required(key, "an integer", ModelConfig::isInteger, JsonNode::intValue);
  }

  /** The value of a key, or the given one if it is absent. */
  public int integer(String key, int otherwise) {
    return has(key) ? integer(key) : otherwise;
  }

  /** The value of a key that must be there; integers count as numbers. */
  public double number(String key) {
    return required(key, "a number", JsonNode::isNumber, JsonNode::doubleValue);
  }

  /** The value of a key, or the given one if it is absent. */
  public double number(String key, double otherwise) {
    return has(key) ? number(key) : otherwise;
  }

  /** The value of a key, or the given one if it is absent. */
  public boolean flag(String key, boolean otherwise) {
    return has(key)
        ? required(key, "true or false", JsonNode::isBoolean, JsonNode::booleanValue)
        : otherwise;
  }

  /** The value of a key that must be there. */
  public String text(String key) {
    return required(key, "a string", JsonNode::isTextual, JsonNode::textValue);
  }

  /** The value of a key, or the given one if it is absent. */
  public String text(String key, String otherwise) {
    return has(key) ? text(key) : otherwise;
  }

  /** The strings of an array; none if the key is absent. */
  public List<String> texts(String key) {
    return has(key)
        ? required(key, "a list of strings", ModelConfig::isTexts, ModelConfig::toTexts)
        : List.of();
  }

  /** The object under a key, if it is there. Its failures name their keys "outer.inner". */
  public Optional<ModelConfig> object(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    ObjectNode inner = required(key, "an object", JsonNode::isObject, ObjectNode.class::cast);
    return Optional.of(new ModelConfig(name, source, keyPrefix + key + ".", inner));
  }

  /** All keys and values as JSON text. */
  public String json() {
    return values.toString();
  }

  @Override
  public String toString() {
    return source;
  }

  private <T> T required(
      String key, String expected, Predicate<JsonNode> matches, Function<JsonNode, T> convert) {
    JsonNode value = values.path(key);
    if (!matches.test(value)) {
      throw wrong(key, value, expected);
    }
    return convert.apply(value);
  }

  private UserException wrong(String key, JsonNode value, String expected) {
    String found =
        value.isMissingNode() ? "is missing" : "is " + abbreviated(value) + ", not " + expected;
    return UserException.of(
        "Cannot use " + source,
        "'" + keyPrefix + key + "' " + found,
        "Give it " + expected + ", or export the checkpoint again");
  }

  private static boolean isInteger(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToInt();
  }

  private static boolean isTexts(JsonNode value) {
    return value.isArray() && stream(value).allMatch(JsonNode::isTextual);
  }

  private static List<String> toTexts(JsonNode value) {
    return stream(value).map(JsonNode::textValue).toList();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static String abbreviated(JsonNode value) {
    String text = value.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
