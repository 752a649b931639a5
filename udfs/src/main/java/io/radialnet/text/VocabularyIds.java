package io.radialnet.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The ids of a tokenizer's tokens, as the library numbers them. */
final class VocabularyIds {

  private VocabularyIds() {}

  /** The model's own tokens in a {@code tokenizer.json}. */
  static Map<String, Integer> ofModel(JsonNode description) {
    Map<String, Integer> ids = new HashMap<>();
    JsonNode vocabulary = description.path("model").path("vocab");
    if (vocabulary.isArray()) { // unigram: a list of [token, score]
      for (int id = 0; id < vocabulary.size(); id++) {
        ids.put(vocabulary.get(id).path(0).asText(), id);
      }
    } else {
      vocabulary.properties().forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt()));
    }
    return ids;
  }

  /**
   * Added tokens, in their order: one of the model's keeps its id, any other gets the next free
   * one, whatever the file says.
   */
  static Map<String, Integer> ofAdded(Map<String, Integer> model, Collection<String> contents) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    int next = model.size();
    for (String content : contents) {
      if (content.isEmpty()) {
        continue; // the library leaves it out
      }
      Integer own = model.get(content);
      int id = own == null ? ids.getOrDefault(content, next) : own;
      ids.put(content, id);
      next = Math.max(next, id + 1);
    }
    return ids;
  }
}
