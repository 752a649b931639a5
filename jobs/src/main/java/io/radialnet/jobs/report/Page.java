package io.radialnet.jobs.report;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page: the template with styles, scripts and data put in. Its content security policy allows
 * these two scripts by their hashes, and no request to anywhere.
 */
final class Page {

  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");

  /** In a script element, these would end it or hide its end. */
  private static final Pattern ENDS_SCRIPT =
      Pattern.compile("</script|<!--", Pattern.CASE_INSENSITIVE);

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  static {
    JSON.getFactory().setCharacterEscapes(new ScriptEscapes());
  }

  private Page() {}

  /** The page's bytes, in UTF-8. */
  static byte[] of(ObjectNode data) {
    String library = script("echarts/echarts.min.js");
    String code = script("page.js");
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("script-hashes", hash(library) + " " + hash(code));
    parts.put("styles", resource("page.css"));
    parts.put("library", library);
    parts.put("code", code);
    parts.put("data", json(data));
    return filled(resource("page.html"), parts).getBytes(StandardCharsets.UTF_8);
  }

  /** JSON in ASCII in which nothing can end a script element. */
  static String json(ObjectNode data) {
    try {
      return JSON.writeValueAsString(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fills all places at once: what is put in is not looked at again. */
  private static String filled(String template, Map<String, String> parts) {
    return PLACE
        .matcher(template)
        .replaceAll(
            place -> {
              String part = parts.get(place.group(1));
              if (part == null) {
                throw new IllegalStateException("page.html has an unknown " + place.group());
              }
              return Matcher.quoteReplacement(part);
            });
  }

  private static String script(String name) {
    String script = resource(name);
    if (ENDS_SCRIPT.matcher(script).find()) {
      throw new IllegalStateException(name + " cannot stand in a script element");
    }
    return script;
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Writes what could begin a tag or an entity as an escape. */
  private static final class ScriptEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    private final int[] ascii = CharacterEscapes.standardAsciiEscapesForJSON();

    private ScriptEscapes() {
      ascii['<'] = CharacterEscapes.ESCAPE_STANDARD;
      ascii['>'] = CharacterEscapes.ESCAPE_STANDARD;
      ascii['&'] = CharacterEscapes.ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii.clone();
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return null;
    }
  }
}
