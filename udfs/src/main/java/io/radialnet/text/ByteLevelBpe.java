package io.radialnet.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A byte-level BPE from {@code vocab.json} and {@code merges.txt}, as GPT-2's and OPT's official
 * repositories ship it, described as a {@code tokenizer.json}. As transformers' conversion: special
 * tokens come from {@code special_tokens_map.json} and {@code tokenizer_config.json}, and {@code
 * add_bos_token} (true for OPT, absent for GPT-2) puts the bos token before a text.
 */
final class ByteLevelBpe {

  private ByteLevelBpe() {}

  static ObjectNode describe(Path directory) {
    ObjectNode vocabulary = TokenizerFiles.object(directory.resolve("vocab.json"));
    ObjectNode config = TokenizerFiles.objectOrEmpty(directory.resolve("tokenizer_config.json"));
    Map<String, Integer> special = specialTokens(directory, config, vocabulary);

    ObjectNode json = TokenizerFiles.JSON.createObjectNode();
    json.put("version", "1.0");
    addedTokens(json.putArray("added_tokens"), special);
    json.putNull("normalizer");
    byteLevel(json.putObject("pre_tokenizer"), config.path("add_prefix_space").asBoolean());
    postProcessor(json, config, special);
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

  private static Map<String, Integer> specialTokens(
      Path directory, ObjectNode config, ObjectNode vocabulary) {
    ObjectNode added = TokenizerFiles.objectOrEmpty(directory.resolve("added_tokens.json"));
    Set<String> names = new LinkedHashSet<>();
    ObjectNode map = TokenizerFiles.objectOrEmpty(directory.resolve("special_tokens_map.json"));
    for (ObjectNode source : new ObjectNode[] {map, config}) {
      for (String role : new String[] {"bos", "eos", "unk", "pad", "sep", "cls", "mask"}) {
        String name = content(source.path(role + "_token"));
        if (!name.isEmpty()) {
          names.add(name);
        }
      }
    }
    Map<String, Integer> ids = new LinkedHashMap<>();
    int next = vocabulary.size() + added.size();
    for (String name : names) {
      if (vocabulary.has(name)) {
        ids.put(name, vocabulary.get(name).asInt());
      } else if (added.has(name)) {
        ids.put(name, added.get(name).asInt());
      } else {
        ids.put(name, next++);
      }
    }
    return ids;
  }

  /** A token is written as its text or as an object with a content. */
  private static String content(JsonNode token) {
    return token.isObject() ? token.path("content").asText() : token.asText("");
  }

  private static void addedTokens(ArrayNode array, Map<String, Integer> special) {
    special.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(
            token -> {
              ObjectNode node = array.addObject();
              node.put("id", token.getValue());
              node.put("content", token.getKey());
              node.put("single_word", false);
              node.put("lstrip", false);
              node.put("rstrip", false);
              node.put("normalized", false);
              node.put("special", true);
            });
  }

  private static void byteLevel(ObjectNode node, boolean prefixSpace) {
    node.put("type", "ByteLevel");
    node.put("add_prefix_space", prefixSpace);
    node.put("trim_offsets", true);
    node.put("use_regex", true);
  }

  private static void postProcessor(
      ObjectNode json, ObjectNode config, Map<String, Integer> special) {
    String bos = content(config.path("bos_token"));
    if (!config.path("add_bos_token").asBoolean() || !special.containsKey(bos)) {
      byteLevel(json.putObject("post_processor"), true);
      return;
    }
    ObjectNode template = json.putObject("post_processor");
    template.put("type", "TemplateProcessing");
    piece(template.putArray("single"), bos, "A");
    ArrayNode pair = template.putArray("pair");
    piece(pair, bos, "A");
    piece(pair, bos, "B");
    ObjectNode token = template.putObject("special_tokens").putObject(bos);
    token.put("id", bos);
    token.putArray("ids").add(special.get(bos));
    token.putArray("tokens").add(bos);
  }

  private static void piece(ArrayNode template, String bos, String sequence) {
    template.addObject().putObject("SpecialToken").put("id", bos).put("type_id", 0);
    template.addObject().putObject("Sequence").put("id", sequence).put("type_id", 0);
  }

  private static void merges(ArrayNode array, Path file) {
    TokenizerFiles.text(file)
        .lines()
        .filter(line -> !line.startsWith("#version") && !line.isEmpty())
        .forEach(array::add);
  }
}
