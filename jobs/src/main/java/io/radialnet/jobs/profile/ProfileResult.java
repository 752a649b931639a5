package io.radialnet.jobs.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.provenance.RunManifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a finished {@code profile} did.
 *
 * @param manifest the content of run.json
 * @param out the directory that was written
 * @param tooManyErrors whether more documents failed than was allowed
 */
public record ProfileResult(ObjectNode manifest, String out, boolean tooManyErrors) {

  /** Lines for people. */
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s (%s, %d layers, %s parameters): %,d tokens of %,d documents in %,d windows",
            text("model"),
            text("family"),
            number("layers"),
            inMillions(number("parameters")),
            number("tokens"),
            number("documents"),
            number("windows")));
    lines.add(
        String.format(
            Locale.ROOT,
            "%,.0f tokens/s, %.1f s in all, %,d MiB at most in one process",
            manifest.path("tokens_per_second").asDouble(),
            manifest.path("seconds").path("total").asDouble(),
            number("peak_memory_bytes") >> 20));
    if (number("errors") > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%,d documents failed%s: %s/errors says which and why",
              number("errors"),
              tooManyErrors ? ", more than --max-error-fraction allows" : "",
              out));
    }
    return lines;
  }

  /** Seconds by stage, in the order of the stages. */
  public Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> stage : manifest.path("seconds").properties()) {
      seconds.put(stage.getKey(), stage.getValue().asDouble());
    }
    return seconds;
  }

  /** run.json on one line. */
  public String toJson() {
    return RunManifest.oneLine(manifest);
  }

  private String text(String key) {
    return manifest.path(key).asText();
  }

  private long number(String key) {
    return manifest.path(key).asLong();
  }

  private static String inMillions(long parameters) {
    return parameters >= 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f B", parameters / 1e9)
        : String.format(Locale.ROOT, "%.2f M", parameters / 1e6);
  }
}
