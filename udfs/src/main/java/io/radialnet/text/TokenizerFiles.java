package io.radialnet.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a model directory's tokenizer files into the one description that the library takes. */
final class TokenizerFiles {

  static final ObjectMapper JSON = new ObjectMapper();

  /** The remedy where only transformers can read the files. */
  static final String CONVERT =
      "Convert it once in Python: AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)"
          + " writes a tokenizer.json";

  private static final List<String> SENTENCEPIECE =
      List.of(
          "tokenizer.model",
          "spiece.model",
          "sentencepiece.bpe.model",
          "sentencepiece.model",
          "spm.model");

  private TokenizerFiles() {}

  /** The content of tokenizer.json, or its equivalent built from the vocabulary files. */
  static ObjectNode read(Path directory) {
    if (Files.exists(directory.resolve("tokenizer.json"))) {
      return object(directory.resolve("tokenizer.json"));
    }
    Optional<TokenizerKind> kind = TokenizerKind.of(directory);
    if (kind.isPresent()) {
      return kind.get().description().apply(directory);
    }
    for (String name : SENTENCEPIECE) {
      if (Files.exists(directory.resolve(name))) {
        throw UserException.of(
            "Cannot read the tokenizer of " + directory,
            "it is there as a sentencepiece model only, " + name,
            CONVERT);
      }
    }
    throw UserException.of(
        "Cannot find a tokenizer in " + directory,
        "there is neither tokenizer.json nor vocab.json with merges.txt nor vocab.txt",
        "Copy the tokenizer's files into the model's directory");
  }

  /** Describes a post-processor that puts special tokens before and behind a text. */
  static void template(
      ObjectNode json, SpecialTokens special, List<String> before, List<String> after) {
    ObjectNode template = json.putObject("post_processor");
    template.put("type", "TemplateProcessing");
    ArrayNode single = template.putArray("single");
    before.forEach(token -> piece(single, "SpecialToken", token, 0));
    piece(single, "Sequence", "A", 0);
    after.forEach(token -> piece(single, "SpecialToken", token, 0));
    ArrayNode pair = template.putArray("pair"); // required, never used
    piece(pair, "Sequence", "A", 0);
    piece(pair, "Sequence", "B", 1);
    ObjectNode tokens = template.putObject("special_tokens");
    Stream.concat(before.stream(), after.stream())
        .distinct()
        .forEach(
            token -> {
              ObjectNode node = tokens.putObject(token).put("id", token);
              node.putArray("ids").add(special.id(token));
              node.putArray("tokens").add(token);
            });
  }

  private static void piece(ArrayNode template, String kind, String id, int typeId) {
    template.addObject().putObject(kind).put("id", id).put("type_id", typeId);
  }

  /** A JSON object. */
  static ObjectNode object(Path file) {
    try {
      JsonNode node = JSON.readTree(text(file));
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw unreadable(file, "it holds no JSON object", null);
    } catch (JsonProcessingException e) {
      throw unreadable(file, "it is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** A JSON object, empty where the file is not there. */
  static ObjectNode objectOrEmpty(Path file) {
    return Files.exists(file) ? object(file) : JSON.createObjectNode();
  }

  /** A file's text, UTF-8. */
  static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unreadable(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static UserException unreadable(Path file, String cause, Throwable origin) {
    return UserException.of(
        "Cannot read " + file, cause, "Copy the tokenizer's files again", origin);
  }
}
