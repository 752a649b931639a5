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
 * @param inserted the token before each text, if there is to be one
 */
public record WordTokenizer(int words, OptionalInt inserted) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Inserts nothing. */
  public static WordTokenizer ofWords(int words) {
    return new WordTokenizer(words, OptionalInt.empty());
  }

  /** Inserts a token before each text, which is then a special one. */
  public WordTokenizer inserting(int token) {
    return new WordTokenizer(words, OptionalInt.of(token));
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
    inserted.ifPresent(token -> insert(json, token));
    ObjectNode words = json.putObject("model");
    words.put("type", "WordLevel").put("unk_token", word(0));
    ObjectNode vocabulary = words.putObject("vocab");
    for (int token = 0; token < words(); token++) {
      vocabulary.put(word(token), token);
    }
    Samples.write(model.resolve("tokenizer.json"), List.of(json.toString()));
  }

  private static void insert(ObjectNode json, int token) {
    json.withArray("added_tokens")
        .addObject()
        .put("id", token)
        .put("content", word(token))
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
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
