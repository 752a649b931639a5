package io.radialnet.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A byte-level BPE from {@code vocab.json} and {@code merges.txt}, as the official repositories of
 * GPT-2, OPT and RoBERTa ship it, described as a {@code tokenizer.json}. As in transformers, {@code
 * add_bos_token} (true for OPT, absent for GPT-2) puts the bos token before a text, {@code
 * add_eos_token} the eos token behind it, and RoBERTa's cls and sep token stand around every text.
 */
final class ByteLevelBpe {

  private static final String END_OF_TEXT = "<|endoftext|>";
  private static final Map<String, String> GPT2_ROLES =
      Map.of("bos", END_OF_TEXT, "eos", END_OF_TEXT, "unk", END_OF_TEXT);
  private static final Map<String, String> ROBERTA_ROLES =
      Map.of(
          "bos", "<s>", "eos", "</s>", "sep", "</s>", "cls", "<s>", "unk", "<unk>", "pad", "<pad>",
          "mask", "<mask>");

  private ByteLevelBpe() {}

  /** The tokenizer of GPT-2 and OPT. */
  static ObjectNode describeGpt2(Path directory) {
    ObjectNode config = TokenizerFiles.objectOrEmpty(directory.resolve("tokenizer_config.json"));
    ObjectNode vocabulary = TokenizerFiles.object(directory.resolve("vocab.json"));
    SpecialTokens special = SpecialTokens.read(directory, GPT2_ROLES, ids(vocabulary));
    ObjectNode json = describe(directory, config, vocabulary, special);
    boolean addsBos = config.path("add_bos_token").asBoolean();
    boolean addsEos = config.path("add_eos_token").asBoolean();
    TokenizerFiles.template(
        json,
        special,
        addsBos ? special.role("bos") : List.of(),
        addsEos ? special.role("eos") : List.of());
    return json;
  }

  /** The tokenizer of RoBERTa and BART. */
  static ObjectNode describeRoberta(Path directory) {
    ObjectNode config = TokenizerFiles.objectOrEmpty(directory.resolve("tokenizer_config.json"));
    ObjectNode vocabulary = TokenizerFiles.object(directory.resolve("vocab.json"));
    SpecialTokens special = SpecialTokens.read(directory, ROBERTA_ROLES, ids(vocabulary));
    ObjectNode json = describe(directory, config, vocabulary, special);
    TokenizerFiles.template(json, special, special.role("cls"), special.role("sep"));
    return json;
  }

  private static Map<String, Integer> ids(ObjectNode vocabulary) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    vocabulary.properties().forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt()));
    return ids;
  }

  private static ObjectNode describe(
      Path directory, ObjectNode config, ObjectNode vocabulary, SpecialTokens special) {
    ObjectNode json = TokenizerFiles.JSON.createObjectNode();
    json.put("version", "1.0");
    special.describe(json.putArray("added_tokens"));
    json.putNull("normalizer");
    byteLevel(json.putObject("pre_tokenizer"), config.path("add_prefix_space").asBoolean());
    byteLevel(json.putObject("decoder"), true);
    ObjectNode model = json.putObject("model");
    model.put("type", "BPE");
    model.putNull("dropout");
    model.putNull("unk_token");
    model.put("continuing_subword_prefix", "");
    model.put("end_of_word_suffix", "");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.set("vocab", vocabulary);
    merges(model.putArray("merges"), directory.resolve("merges.txt"));
    return json;
  }

  private static void byteLevel(ObjectNode node, boolean prefixSpace) {
    node.put("type", "ByteLevel");
    node.put("add_prefix_space", prefixSpace);
    node.put("trim_offsets", true);
    node.put("use_regex", true);
  }

  private static void merges(ArrayNode array, Path file) {
    TokenizerFiles.text(file)
        .lines()
        .filter(line -> !line.startsWith("#version") && !line.isEmpty())
        .forEach(array::add);
  }
}
