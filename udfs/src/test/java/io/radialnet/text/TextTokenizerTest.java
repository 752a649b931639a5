package io.radialnet.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTokenizerTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  static Path resource(String name) {
    try {
      return Path.of(TextTokenizerTest.class.getResource("/tokenizer/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void idsAreThoseOfTransformers() throws IOException {
    JsonNode cases = JSON.readTree(resource("expected-ids.json").toFile());
    assertThat(cases).hasSizeGreaterThanOrEqualTo(40);
    try (TextTokenizer tokenizer = TextTokenizer.load(resource("opt-nano"))) {
      for (JsonNode example : cases) {
        String text = example.get("text").asText();
        assertThat(tokenizer.encode(text).ids()).as(text).isEqualTo(ints(example.get("ids")));
      }
    }
  }

  @Test
  void specialTokensStandAroundTheTextAsTheTemplateSays() throws IOException {
    try (TextTokenizer tokenizer = TextTokenizer.load(resource("opt-nano"))) {
      assertThat(tokenizer.prefix().tokens()).containsExactly("</s>");
      assertThat(tokenizer.prefix().special()).containsExactly(true);
      assertThat(tokenizer.suffix().length()).isZero();
      assertThat(tokenizer.largestVocabularyId()).isEqualTo(4095);
    }
  }

  @Test
  void bothEndsOfATemplateAreFound() throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(resource("opt-nano/tokenizer.json").toFile());
    json.set(
        "post_processor",
        JSON.readTree(
            """
            {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                        {"Sequence": {"id": "A", "type_id": 0}},
                        {"SpecialToken": {"id": "</s>", "type_id": 0}}],
             "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
             "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]},
                                "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}}
            """));
    Files.writeString(directory.resolve("tokenizer.json"), json.toString());
    try (TextTokenizer tokenizer = TextTokenizer.load(directory)) {
      assertThat(tokenizer.prefix().ids()).containsExactly(0);
      assertThat(tokenizer.suffix().ids()).containsExactly(2);
    }
  }

  /** The library numbers added tokens itself, and ignores the ids of the file. */
  @Test
  void idsOfAddedTokensAreThoseOfTheLibrary() throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(resource("opt-nano/tokenizer.json").toFile());
    ArrayNode added = (ArrayNode) json.get("added_tokens");
    for (int i = 0; i < 3; i++) {
      ObjectNode token = added.addObject().put("id", 9000 + i).put("content", "<extra" + i + ">");
      for (String flag : new String[] {"single_word", "lstrip", "rstrip", "normalized"}) {
        token.put(flag, false);
      }
      token.put("special", i == 1);
    }
    Files.writeString(directory.resolve("tokenizer.json"), json.toString());
    try (TextTokenizer tokenizer = TextTokenizer.load(directory)) {
      TokenizedText text = tokenizer.encode("<extra0><extra1><extra2></s>");
      assertThat(text.ids()).containsExactly(4096, 4097, 4098, 2);
      assertThat(text.tokens()).containsExactly("<extra0>", "<extra1>", "<extra2>", "</s>");
      assertThat(text.special()).containsExactly(false, true, false, true);
      assertThat(tokenizer.largestVocabularyId()).isEqualTo(4095);
    }
  }

  @Test
  void truncationAndPaddingOfTheFileAreIgnored() throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(resource("opt-nano/tokenizer.json").toFile());
    json.putObject("truncation")
        .put("direction", "Right")
        .put("max_length", 4)
        .put("strategy", "LongestFirst")
        .put("stride", 0);
    ObjectNode padding = json.putObject("padding");
    padding.putObject("strategy").put("Fixed", 2000);
    padding.put("direction", "Right").putNull("pad_to_multiple_of");
    padding.put("pad_id", 1).put("pad_type_id", 0).put("pad_token", "<pad>");
    Files.writeString(directory.resolve("tokenizer.json"), json.toString());
    String text = "word ".repeat(1000);
    try (TextTokenizer plain = TextTokenizer.load(resource("opt-nano"));
        TextTokenizer limited = TextTokenizer.load(directory)) {
      assertThat(limited.encode(text).ids())
          .hasSizeGreaterThan(999)
          .isEqualTo(plain.encode(text).ids());
      assertThat(limited.encode("a").length()).isEqualTo(1);
    }
  }

  @Test
  void vocabularyAndMergesGiveTheSameTokens() throws IOException {
    JsonNode json = JSON.readTree(resource("opt-nano/tokenizer.json").toFile());
    Files.writeString(directory.resolve("vocab.json"), json.at("/model/vocab").toString());
    StringBuilder merges = new StringBuilder("#version: 0.2\n");
    for (JsonNode merge : json.at("/model/merges")) {
      merges.append(
          merge.isArray() ? merge.get(0).asText() + " " + merge.get(1).asText() : merge.asText());
      merges.append('\n');
    }
    Files.writeString(directory.resolve("merges.txt"), merges);
    Files.writeString(
        directory.resolve("special_tokens_map.json"),
        """
        {"bos_token": {"content": "</s>", "normalized": true}, "eos_token": "</s>",
         "unk_token": "<unk>", "pad_token": "<pad>"}
        """);
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"add_bos_token\": true, \"bos_token\": {\"content\": \"</s>\"}}");
    try (TextTokenizer fast = TextTokenizer.load(resource("opt-nano"));
        TextTokenizer built = TextTokenizer.load(directory)) {
      for (JsonNode example : JSON.readTree(resource("expected-ids.json").toFile())) {
        String text = example.get("text").asText();
        assertThat(built.encode(text).ids()).as(text).isEqualTo(fast.encode(text).ids());
      }
      assertThat(built.prefix().tokens()).containsExactly("</s>");
      assertThat(built.largestVocabularyId()).isEqualTo(fast.largestVocabularyId());
    }
  }

  @Test
  void specialTokensInTheTextAreSpecial() {
    try (TextTokenizer tokenizer = TextTokenizer.load(resource("opt-nano"))) {
      TokenizedText text = tokenizer.encode("end</s>");
      assertThat(text.tokens()).endsWith("</s>");
      assertThat(text.special()[text.length() - 1]).isTrue();
      assertThat(text.special()[0]).isFalse();
    }
  }

  @Test
  void everyPlaneOfUnicodeWorks() {
    try (TextTokenizer tokenizer = TextTokenizer.load(resource("opt-nano"))) {
      assertThat(tokenizer.encode("").length()).isZero();
      assertThat(tokenizer.encode("\0").length()).isPositive();
      for (int plane = 0; plane <= 16; plane++) {
        assertThat(tokenizer.encode(Character.toString(plane * 0x10000 + 0x41)).length())
            .isPositive();
      }
      assertThat(tokenizer.encode("a\ud800b").ids()).isEqualTo(tokenizer.encode("a\ufffdb").ids());
    }
  }

  @Test
  void missingTokenizerNamesWhatIsLookedFor() {
    assertThatThrownBy(() -> TextTokenizer.load(directory))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot find a tokenizer in %s: there is neither tokenizer.json nor vocab.json with"
                + " merges.txt nor vocab.txt. Copy the tokenizer's files into the model's directory.",
            directory);
  }

  @Test
  void brokenFilesAreNamed() throws IOException {
    Files.writeString(directory.resolve("tokenizer.json"), "{\"model\": ");
    assertThatThrownBy(() -> TextTokenizer.load(directory))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("tokenizer.json")
        .hasMessageContaining("it is not JSON");
    Files.writeString(directory.resolve("tokenizer.json"), "{\"model\": {\"type\": \"Nonsense\"}}");
    assertThatThrownBy(() -> TextTokenizer.load(directory))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("Cannot read the tokenizer of " + directory);
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }
}
