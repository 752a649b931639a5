package io.radialnet.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tokens that a tokenizer keeps whole wherever they stand in a text, gathered from the files
 * beside a vocabulary as transformers gathers them. Roles such as unk_token come from {@code
 * tokenizer_config.json}; {@code special_tokens_map.json} and {@code added_tokens.json} count where
 * that has no added_tokens_decoder.
 */
final class SpecialTokens {

  private static final List<String> ROLES =
      List.of("bos", "eos", "unk", "sep", "pad", "cls", "mask");

  /** Where lists of further special tokens stand. */
  private static final List<String> FURTHER =
      List.of("additional_special_tokens", "extra_special_tokens");

  private final Path directory;
  private final Map<String, JsonNode> roles = new LinkedHashMap<>(); // text or object
  private final Map<String, ObjectNode> tokens = new LinkedHashMap<>(); // by content

  private SpecialTokens(Path directory) {
    this.directory = directory;
  }

  /**
   * Gathers the tokens of a directory.
   *
   * @param defaults of the roles that the kind of tokenizer has without being told
   * @param vocabulary ids of the model's own tokens
   * @throws UserException if a file gives a token another id than the vocabulary implies
   */
  static SpecialTokens read(
      Path directory, Map<String, String> defaults, Map<String, Integer> vocabulary) {
    ObjectNode config = TokenizerFiles.objectOrEmpty(directory.resolve("tokenizer_config.json"));
    ObjectNode map = TokenizerFiles.JSON.createObjectNode();
    ObjectNode added = TokenizerFiles.JSON.createObjectNode();
    if (!config.has("added_tokens_decoder")) {
      map = TokenizerFiles.objectOrEmpty(directory.resolve("special_tokens_map.json"));
      added = TokenizerFiles.objectOrEmpty(directory.resolve("added_tokens.json"));
    }
    SpecialTokens special = new SpecialTokens(directory);
    defaults.forEach((role, content) -> special.roles.put(role, special.text(content)));
    special.readRoles(config);
    special.readRoles(map);
    List<JsonNode> further = new ArrayList<>();
    for (String key : FURTHER) {
      config.path(key).forEach(further::add);
      map.path(key).forEach(further::add);
    }
    Map<String, Integer> statedIds = special.readAdded(config, added, further);
    for (String role : ROLES) {
      if (special.roles.containsKey(role)) {
        special.add(special.roles.get(role));
      }
    }
    further.forEach(special::add);
    special.number(vocabulary, statedIds);
    return special;
  }

  private JsonNode text(String content) {
    return TokenizerFiles.JSON.getNodeFactory().textNode(content);
  }

  private void readRoles(ObjectNode source) {
    for (String role : ROLES) {
      JsonNode token = source.get(role + "_token");
      if (token != null && token.isNull()) {
        roles.remove(role);
      } else if (token != null && !content(token).isEmpty()) {
        roles.put(role, token);
      }
    }
  }

  /** Tokens with an id of their own: added_tokens_decoder, or the older added_tokens.json. */
  private Map<String, Integer> readAdded(
      ObjectNode config, ObjectNode added, List<JsonNode> further) {
    Map<Integer, ObjectNode> byId = new TreeMap<>();
    config
        .path("added_tokens_decoder")
        .properties()
        .forEach(entry -> byId.put(parsedId(entry.getKey()), described(entry.getValue(), false)));
    List<String> named = new ArrayList<>();
    roles.values().forEach(token -> named.add(content(token)));
    further.forEach(token -> named.add(content(token)));
    added
        .properties()
        .forEach(
            entry ->
                byId.put(
                    entry.getValue().asInt(),
                    described(text(entry.getKey()), named.contains(entry.getKey()))));
    Map<String, Integer> ids = new LinkedHashMap<>();
    byId.forEach(
        (id, token) -> {
          String content = token.path("content").asText();
          boolean isSpecial = token.path("special").asBoolean() || named.contains(content);
          tokens.put(content, token.put("special", isSpecial));
          ids.put(content, id);
        });
    return ids;
  }

  private int parsedId(String key) {
    try {
      return Integer.parseInt(key);
    } catch (NumberFormatException e) {
      throw UserException.of(
          "Cannot read " + directory.resolve("tokenizer_config.json"),
          "added_tokens_decoder has the id '" + key + "', not a number",
          "Copy the tokenizer's files again",
          e);
    }
  }

  /** Adds a special token unless it is there with an id of its own. */
  private void add(JsonNode token) {
    if (!content(token).isEmpty()) {
      tokens.putIfAbsent(content(token), described(token, true));
    }
  }

  private static ObjectNode described(JsonNode token, boolean isSpecial) {
    ObjectNode node = TokenizerFiles.JSON.createObjectNode();
    node.put("content", content(token));
    node.put("single_word", token.path("single_word").asBoolean());
    node.put("lstrip", token.path("lstrip").asBoolean());
    node.put("rstrip", token.path("rstrip").asBoolean());
    boolean special = token.path("special").asBoolean(isSpecial);
    node.put("normalized", token.path("normalized").asBoolean(!special));
    node.put("special", special || isSpecial);
    return node;
  }

  /** A token is written as its text or as an object with a content. */
  private static String content(JsonNode token) {
    return token.isObject() ? token.path("content").asText() : token.asText("");
  }

  private void number(Map<String, Integer> vocabulary, Map<String, Integer> statedIds) {
    Map<String, Integer> ids = VocabularyIds.ofAdded(vocabulary, tokens.keySet());
    tokens.forEach((content, token) -> token.put("id", ids.get(content)));
    statedIds.forEach(
        (content, stated) -> {
          if (!stated.equals(ids.get(content))) {
            throw UserException.of(
                "Cannot read the tokenizer of " + directory,
                String.format(
                    "its files give the token '%s' the id %d, its vocabulary implies %d",
                    content, stated, ids.get(content)),
                TokenizerFiles.CONVERT);
          }
        });
  }

  /** The token of a role; none if it has none. */
  List<String> role(String role) {
    return roles.containsKey(role) ? List.of(content(roles.get(role))) : List.of();
  }

  /** The id of a token that {@link #role} returned. */
  int id(String token) {
    return tokens.get(token).path("id").asInt();
  }

  /** Describes the tokens for a {@code tokenizer.json}, in order of their ids. */
  void describe(ArrayNode addedTokens) {
    tokens.values().stream()
        .sorted(Comparator.comparingInt(token -> token.path("id").asInt()))
        .forEach(addedTokens::add);
  }
}
