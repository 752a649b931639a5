package io.radialnet.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a model directory's tokenizer files into the one description that the library takes. */
final class TokenizerFiles {

  static final ObjectMapper JSON = new ObjectMapper();

  private TokenizerFiles() {}

  /** The content of tokenizer.json, or its equivalent built from vocab.json and merges.txt. */
  static ObjectNode read(Path directory) {
    if (Files.exists(directory.resolve("tokenizer.json"))) {
      return object(directory.resolve("tokenizer.json"));
    }
    if (Files.exists(directory.resolve("vocab.json"))
        && Files.exists(directory.resolve("merges.txt"))) {
      return ByteLevelBpe.describe(directory);
    }
    if (Files.exists(directory.resolve("tokenizer.model"))
        || Files.exists(directory.resolve("spiece.model"))) {
      throw UserException.of(
          "Cannot read the tokenizer of " + directory,
          "it is there as a sentencepiece model only",
          "Convert it once in Python: AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)"
              + " writes a tokenizer.json");
    }
    throw UserException.of(
        "Cannot find a tokenizer in " + directory,
        "there is neither tokenizer.json nor vocab.json with merges.txt",
        "Copy the tokenizer's files into the model's directory");
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
