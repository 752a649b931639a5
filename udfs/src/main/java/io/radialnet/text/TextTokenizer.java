package io.radialnet.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model's tokenizer: Hugging Face tokenizers, from {@code tokenizer.json}, or where there is none
 * from {@code vocab.json} and {@code merges.txt} or from {@code vocab.txt}. Thread-safe.
 *
 * <p>Truncation and padding settings of the file are ignored. The special tokens around a text are
 * those that the file's post-processor inserts, as transformers' fast tokenizers do.
 */
public final class TextTokenizer implements AutoCloseable {

  private final HuggingFaceTokenizer tokenizer;
  private final Set<Integer> specialIds = new HashSet<>();
  private final Map<Integer, String> spellings = new HashMap<>(); // of the vocabulary, by id
  private final int largestVocabularyId;
  private final TokenizedText prefix;
  private final TokenizedText suffix;

  private TextTokenizer(HuggingFaceTokenizer tokenizer, JsonNode description) {
    this.tokenizer = tokenizer;
    Map<String, Integer> model = VocabularyIds.ofModel(description);
    model.forEach((token, id) -> spellings.put(id, token));
    this.largestVocabularyId = Collections.max(model.values());
    List<String> added = new ArrayList<>();
    description.path("added_tokens").forEach(token -> added.add(token.path("content").asText()));
    Map<String, Integer> addedIds = VocabularyIds.ofAdded(model, added);
    addedIds.forEach((token, id) -> spellings.put(id, token));
    for (JsonNode token : description.path("added_tokens")) {
      Integer id = addedIds.get(token.path("content").asText());
      if (id != null && token.path("special").asBoolean()) {
        specialIds.add(id);
      }
    }
    Encoding around = tokenizer.encode("a", true, false);
    long[] inserted = around.getSpecialTokenMask();
    int from = 0;
    while (from < inserted.length && inserted[from] == 1) {
      from++;
    }
    int to = inserted.length;
    while (to > from && inserted[to - 1] == 1) {
      to--;
    }
    this.prefix = tokens(around, 0, from);
    this.suffix = tokens(around, to, inserted.length);
  }

  /**
   * Loads the tokenizer of a model directory.
   *
   * @throws UserException if there is none, or it cannot be read
   */
  public static TextTokenizer load(Path modelDirectory) {
    System.setProperty("ai.djl.offline", System.getProperty("ai.djl.offline", "true"));
    System.setProperty("OPT_OUT_TRACKING", System.getProperty("OPT_OUT_TRACKING", "true"));
    ObjectNode description = TokenizerFiles.read(modelDirectory);
    description.putNull("truncation");
    description.putNull("padding");
    byte[] json = description.toString().getBytes(StandardCharsets.UTF_8);
    try (ByteArrayInputStream in = new ByteArrayInputStream(json)) {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(
              in, Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false"));
      try {
        return new TextTokenizer(tokenizer, description);
      } catch (RuntimeException e) {
        tokenizer.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw UserException.of(
          "Cannot read the tokenizer of " + modelDirectory,
          "Hugging Face tokenizers refuses it: " + e.getMessage(),
          "Save it again with AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)",
          e);
    }
  }

  /**
   * The tokens of a text, without inserted ones. Lone surrogates count as U+FFFD.
   *
   * @param text of any length, may be empty
   */
  public TokenizedText encode(String text) {
    if (text.isEmpty()) {
      return new TokenizedText(new int[0], new String[0], new boolean[0]);
    }
    Encoding encoding = tokenizer.encode(wellFormed(text), false, false);
    return tokens(encoding, 0, encoding.getIds().length);
  }

  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        // The encoder replaces what is not well-formed.
        return new String(text.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.UTF_16LE);
      }
    }
    return text;
  }

  private TokenizedText tokens(Encoding encoding, int fromToken, int toToken) {
    long[] allIds = encoding.getIds();
    int[] ids = new int[toToken - fromToken];
    String[] tokens = new String[ids.length];
    boolean[] special = new boolean[ids.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Math.toIntExact(allIds[fromToken + i]);
      // The encoding's own spelling is that of the text for an unknown word, or with its space.
      tokens[i] = spellings.get(ids[i]);
      special[i] = specialIds.contains(ids[i]);
    }
    return new TokenizedText(ids, tokens, special);
  }

  /** What the tokenizer inserts before a text. */
  public TokenizedText prefix() {
    return prefix;
  }

  /** What the tokenizer inserts after a text. */
  public TokenizedText suffix() {
    return suffix;
  }

  /**
   * The largest id of the vocabulary, added tokens aside: a model may lack rows for those without
   * harm, as long as no text holds them.
   */
  public int largestVocabularyId() {
    return largestVocabularyId;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
