package io.radialnet.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.radialnet.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers that come as vocabulary files, against what transformers makes of the same files. */
class VocabularyFilesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-uncased",
        "bert-cased",
        "bert-options",
        "gpt2",
        "gpt2-options",
        "opt",
        "roberta",
        "unigram"
      })
  void tokensAreThoseOfTransformers(String name) throws IOException {
    Path files = TextTokenizerTest.resource(name);
    JsonNode expected = JSON.readTree(files.resolve("expected.json").toFile());
    assertThat(expected.get("cases")).hasSizeGreaterThanOrEqualTo(40);
    try (TextTokenizer tokenizer = TextTokenizer.load(files)) {
      assertThat(tokenizer.prefix().ids()).isEqualTo(ints(expected.get("before")));
      assertThat(tokenizer.suffix().ids()).isEqualTo(ints(expected.get("after")));
      for (JsonNode example : expected.get("cases")) {
        String text = example.get("text").asText();
        TokenizedText tokens = tokenizer.encode(text);
        assertThat(tokens.ids()).as(text).isEqualTo(ints(example.get("ids")));
        assertThat(tokens.tokens())
            .as(text)
            .containsExactly(JSON.convertValue(example.get("tokens"), String[].class));
        for (int i = 0; i < tokens.length(); i++) {
          assertThat(tokens.special()[i])
              .as("%s: %s", text, tokens.tokens()[i])
              .isEqualTo(example.get("special").get(i).asInt() == 1);
        }
      }
    }
  }

  @Test
  void insertedTokensAreSpecial() {
    try (TextTokenizer tokenizer = TextTokenizer.load(TextTokenizerTest.resource("bert-cased"))) {
      assertThat(tokenizer.prefix().tokens()).containsExactly("[CLS]");
      assertThat(tokenizer.prefix().special()).containsExactly(true);
      assertThat(tokenizer.suffix().tokens()).containsExactly("[SEP]");
      assertThat(tokenizer.suffix().special()).containsExactly(true);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bert-uncased, BertTokenizer, ",
    "bert-uncased, BertTokenizerFast, gpt2",
    "bert-uncased, , distilbert",
    "bert-uncased, , ",
    "gpt2, GPT2TokenizerFast, bert",
    "gpt2, , gpt_neo",
    "gpt2, , "
  })
  void theClassDecidesThenTheModelTypeThenTheFiles(String files, String named, String modelType)
      throws IOException {
    copyVocabulary(files);
    configure(named, modelType);
    try (TextTokenizer tokenizer = TextTokenizer.load(directory);
        TextTokenizer expected = TextTokenizer.load(TextTokenizerTest.resource(files))) {
      assertThat(tokenizer.encode("Hello").ids()).isEqualTo(expected.encode("Hello").ids());
      assertThat(tokenizer.prefix().ids()).isEqualTo(expected.prefix().ids());
    }
  }

  @Test
  void theClassMayStandInTheModelsConfig() throws IOException {
    copyVocabulary("roberta");
    Files.writeString(
        directory.resolve("config.json"),
        "{\"model_type\": \"camembert\", \"tokenizer_class\": \"RobertaTokenizer\"}");
    try (TextTokenizer tokenizer = TextTokenizer.load(directory)) {
      assertThat(tokenizer.prefix().tokens()).containsExactly("<s>");
      assertThat(tokenizer.suffix().tokens()).containsExactly("</s>");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt2 | Qwen2Tokenizer | opt | tokenizer_class 'Qwen2Tokenizer'",
        "gpt2 | PreTrainedTokenizerFast | opt | tokenizer_class 'PreTrainedTokenizerFast'",
        "gpt2 | BertTokenizer | bert | tokenizer_class 'BertTokenizer'",
        "gpt2 | | whisper | model_type 'whisper'",
        "bert-uncased | BertJapaneseTokenizer | bert | tokenizer_class 'BertJapaneseTokenizer'",
        "bert-uncased | | mpnet | model_type 'mpnet'"
      })
  void otherKindsAreRefusedByName(String files, String named, String modelType, String cause)
      throws IOException {
    copyVocabulary(files);
    configure(named, modelType);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TextTokenizer.load(directory))
        .withMessage(
            "Cannot read the tokenizer of %s: it has no tokenizer.json, and one of the %s is not"
                + " built from the vocabulary files that are there. Convert it once in Python:"
                + " AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR) writes a"
                + " tokenizer.json.",
            directory, cause);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokenizer.model",
        "spiece.model",
        "sentencepiece.bpe.model",
        "sentencepiece.model",
        "spm.model"
      })
  void sentencepieceAloneIsRefusedByName(String name) throws IOException {
    Files.createFile(directory.resolve(name));
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TextTokenizer.load(directory))
        .withMessage(
            "Cannot read the tokenizer of %s: it is there as a sentencepiece model only, %s."
                + " Convert it once in Python:"
                + " AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR) writes a"
                + " tokenizer.json.",
            directory, name);
  }

  @Test
  void aRoleThatIsNullIsNoToken() throws IOException {
    copyVocabulary("opt");
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"add_bos_token\": true, \"bos_token\": null, \"unk_token\": null, \"eos_token\":"
            + " \"</s>\"}");
    try (TextTokenizer tokenizer = TextTokenizer.load(directory)) {
      assertThat(tokenizer.prefix().length()).isZero();
      assertThat(tokenizer.encode("<|endoftext|>").length()).isGreaterThan(1);
      assertThat(tokenizer.encode("</s>").ids()).containsExactly(2);
    }
  }

  @Test
  void idsThatContradictTheVocabularyAreNamed() throws IOException {
    copyVocabulary("bert-uncased");
    Files.writeString(directory.resolve("added_tokens.json"), "{\"<extra>\": 7000}");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TextTokenizer.load(directory))
        .withMessageContaining(
            "its files give the token '<extra>' the id 7000, its vocabulary implies 1500");
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"added_tokens_decoder\": {\"seven\": {\"content\": \"<extra>\"}}}");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TextTokenizer.load(directory))
        .withMessageContaining("added_tokens_decoder has the id 'seven', not a number");
  }

  @Test
  void aVocabularyWithoutTheUnknownTokenIsNamed() throws IOException {
    Files.writeString(directory.resolve("vocab.txt"), "[PAD]\n[CLS]\n[SEP]\nword\n");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TextTokenizer.load(directory))
        .withMessageContaining("vocab.txt lacks the token for unknown words '[UNK]'");
  }

  @Test
  void carriageReturnsAreNoPartOfTokens() throws IOException {
    String vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nword\n##s\n";
    Files.writeString(directory.resolve("vocab.txt"), vocabulary.replace("\n", "\r\n"));
    try (TextTokenizer tokenizer = TextTokenizer.load(directory)) {
      assertThat(tokenizer.encode("words Word other").ids()).containsExactly(5, 6, 5, 1);
      assertThat(tokenizer.largestVocabularyId()).isEqualTo(6);
    }
  }

  private void copyVocabulary(String name) throws IOException {
    for (String file : new String[] {"vocab.json", "merges.txt", "vocab.txt"}) {
      Path source = TextTokenizerTest.resource(name).resolve(file);
      if (Files.exists(source)) {
        Files.copy(source, directory.resolve(file));
      }
    }
  }

  private void configure(String tokenizerClass, String modelType) throws IOException {
    if (tokenizerClass != null) {
      Files.writeString(
          directory.resolve("tokenizer_config.json"),
          "{\"tokenizer_class\": \"" + tokenizerClass + "\"}");
    }
    if (modelType != null) {
      Files.writeString(
          directory.resolve("config.json"), "{\"model_type\": \"" + modelType + "\"}");
    }
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }
}
