package io.radialnet.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import java.io.IOException;

/**
 * JSON as checkpoints use it: strict about duplicate names and trailing text, which would hide a
 * value; lenient about NaN and Infinity, which Python writes.
 */
final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /**
   * Parses one JSON object.
   *
   * @param what names the text in the failure: "config.json of opt-125m"
   * @throws UserException if the text is not JSON or not an object
   */
  static ObjectNode object(String what, byte[] text) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
      throw notReadable(what, "it is not valid JSON: " + e.getOriginalMessage() + line, e);
    } catch (IOException e) {
      throw notReadable(what, Messages.reason(e), e);
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw notReadable(what, "it is not a JSON object", null);
  }

  static ObjectNode emptyObject() {
    return MAPPER.createObjectNode();
  }

  private static UserException notReadable(String what, String cause, Throwable origin) {
    return UserException.of(
        "Cannot read " + what, cause, "Download or export the checkpoint again", origin);
  }
}
