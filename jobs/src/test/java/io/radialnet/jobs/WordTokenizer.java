package io.radialnet.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A tokenizer.json for models without one: words between spaces, {@code w7} being token 7; any
 * other word is token 0.
 *
 * @param words how many there are
 * @param added a token beyond the vocabulary, its next, if there is to be one
 * @param use of the added token
 */
public record WordTokenizer(int words, OptionalInt added, Use use) {

  /** What an added token is for. */
  public enum Use {
    IN_TEXTS,
    BEFORE_TEXTS
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Inserts nothing. */
  public static WordTokenizer ofWords(int words) {
    return new WordTokenizer(words, OptionalInt.empty(), Use.IN_TEXTS);
  }

  /** Inserts a token before each text, which is then a special one. */
  public WordTokenizer inserting(int token) {
    return new WordTokenizer(words, OptionalInt.of(token), Use.BEFORE_TEXTS);
  }

  /** Knows a token that was added to the vocabulary. */
  public WordTokenizer adding(int token) {
    return new WordTokenizer(words, OptionalInt.of(token), Use.IN_TEXTS);
  }

  /** The text of these tokens. */
  public static String text(int... tokens) {
    return Arrays.stream(tokens).mapToObj(WordTokenizer::word).collect(Collectors.joining(" "));
  }

  /** Writes tokenizer.json into a model's directory. */
  public void write(Path model) {
    ObjectNode json = JSON.createObjectNode();
    json.putArray("added_tokens");
    json.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
    added.ifPresent(token -> add(json, token));
    ObjectNode words = json.putObject("model");
    words.put("type", "WordLevel").put("unk_token", word(0));
    ObjectNode vocabulary = words.putObject("vocab");
    for (int token = 0; token < words(); token++) {
      vocabulary.put(word(token), token);
    }
    Samples.write(model.resolve("tokenizer.json"), List.of(json.toString()));
  }

  private void add(ObjectNode json, int token) {
    json.withArray("added_tokens")
        .addObject()
        .put("id", token)
        .put("content", word(token))
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", use == Use.BEFORE_TEXTS);
    if (use == Use.BEFORE_TEXTS) {
      insert(json, token);
    }
  }

  private static void insert(ObjectNode json, int token) {
    ObjectNode template = json.putObject("post_processor").put("type", "TemplateProcessing");
    sequences(template.putArray("single"), token, "A");
    sequences(template.putArray("pair"), token, "A", "B");
    ObjectNode special = template.putObject("special_tokens").putObject(word(token));
    special.put("id", word(token));
    special.putArray("ids").add(token);
    special.putArray("tokens").add(word(token));
  }

  private static void sequences(ArrayNode template, int first, String... names) {
    template.addObject().putObject("SpecialToken").put("id", word(first)).put("type_id", 0);
    for (String name : names) {
      template.addObject().putObject("Sequence").put("id", name).put("type_id", 0);
    }
  }

  private static String word(int token) {
    return "w" + token;
  }
}
