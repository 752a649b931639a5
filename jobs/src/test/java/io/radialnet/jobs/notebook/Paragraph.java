package io.radialnet.jobs.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A paragraph of a note.
 *
 * @param id unique in the note
 * @param interpreter who runs it, such as {@code spark.sql}; empty when the text does not say
 * @param code what is run
 * @param chart the columns that its chart draws; empty without a chart
 */
record Paragraph(String id, String interpreter, String code, List<Column> chart) {

  /** The interpreter, its properties for this paragraph, the code. */
  private static final Pattern TEXT = Pattern.compile("(?s)%([a-z.]+)(?:\\([^)\n]*\\))?\n(.*)");

  /** A column of the result by its name and 0-based place, which have to agree. */
  record Column(String name, int index) {}

  static Paragraph of(JsonNode json) {
    String text = json.path("text").asText();
    Matcher matcher = TEXT.matcher(text);
    boolean matches = matcher.matches();
    List<Column> chart = new ArrayList<>();
    for (JsonNode column : json.path("config").path("results").findParents("aggr")) {
      chart.add(new Column(column.path("name").asText(), column.path("index").asInt()));
    }
    return new Paragraph(
        json.path("id").asText(),
        matches ? matcher.group(1) : "",
        matches ? matcher.group(2) : text,
        chart);
  }
}
