package io.radialnet.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A WordPiece tokenizer from {@code vocab.txt}, as BERT's official repositories ship it, described
 * as a {@code tokenizer.json}.
 *
 * <p>Honoured in {@code tokenizer_config.json}: do_lower_case (true unless told otherwise),
 * strip_accents (as do_lower_case), tokenize_chinese_chars (true), and the special tokens. As in
 * transformers' fast tokenizers, never_split is without effect: special and added tokens are never
 * split.
 */
final class WordPiece {

  private static final Map<String, String> ROLES =
      Map.of("unk", "[UNK]", "sep", "[SEP]", "pad", "[PAD]", "cls", "[CLS]", "mask", "[MASK]");
  private static final int MAX_WORD_CHARACTERS = 100; // longer words are unknown

  private WordPiece() {}

  static ObjectNode describe(Path directory) {
    ObjectNode config = TokenizerFiles.objectOrEmpty(directory.resolve("tokenizer_config.json"));
    Map<String, Integer> vocabulary = vocabulary(directory.resolve("vocab.txt"));
    SpecialTokens special = SpecialTokens.read(directory, ROLES, vocabulary);
    String unknown = String.join("", special.role("unk"));
    if (!vocabulary.containsKey(unknown)) {
      throw UserException.of(
          "Cannot read the tokenizer of " + directory,
          "vocab.txt lacks the token for unknown words '" + unknown + "'",
          "Copy the tokenizer's files again");
    }
    ObjectNode json = TokenizerFiles.JSON.createObjectNode();
    json.put("version", "1.0");
    special.describe(json.putArray("added_tokens"));
    normalizer(json.putObject("normalizer"), config);
    json.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    TokenizerFiles.template(json, special, special.role("cls"), special.role("sep"));
    json.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
    ObjectNode model = json.putObject("model");
    model.put("type", "WordPiece");
    model.put("unk_token", unknown);
    model.put("continuing_subword_prefix", "##");
    model.put("max_input_chars_per_word", MAX_WORD_CHARACTERS);
    vocabulary.forEach(model.putObject("vocab")::put);
    return json;
  }

  /** A token a line, numbered from 0; of two equal ones the later counts. */
  private static Map<String, Integer> vocabulary(Path file) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    String text = TokenizerFiles.text(file);
    String[] lines = text.split("\n", -1);
    int count = text.endsWith("\n") ? lines.length - 1 : lines.length;
    for (int id = 0; id < count; id++) {
      ids.put(lines[id].stripTrailing(), id);
    }
    return ids;
  }

  private static void normalizer(ObjectNode node, ObjectNode config) {
    node.put("type", "BertNormalizer");
    node.put("clean_text", true);
    node.put("handle_chinese_chars", config.path("tokenize_chinese_chars").asBoolean(true));
    if (config.hasNonNull("strip_accents")) {
      node.put("strip_accents", config.path("strip_accents").asBoolean());
    } else {
      node.putNull("strip_accents");
    }
    node.put("lowercase", config.path("do_lower_case").asBoolean(true));
  }
}
