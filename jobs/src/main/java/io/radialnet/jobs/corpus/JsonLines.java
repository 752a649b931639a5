package io.radialnet.jobs.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** JSON Lines: every line that is not blank is an object, and a document. */
record JsonLines(CorpusColumns columns) implements RecordFormat {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // Books are longer than Jackson's 20 million characters.
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python's json writes NaN
          .build();

  @Override
  public boolean isSplittable() {
    return true;
  }

  @Override
  public Records open(Configuration conf, FileSplit split) throws IOException {
    SplitLines lines = SplitLines.open(conf, split);
    return new Records() {
      @Override
      public RawDocument next() throws IOException {
        while (lines.advance()) {
          String line = lines.text();
          if (!line.isBlank()) {
            return document(split, lines.row(), line);
          }
        }
        return null;
      }

      @Override
      public void close() throws IOException {
        lines.close();
      }
    };
  }

  /** Adds the names of a line's columns; none when the line is no JSON object. */
  static void addColumns(String line, Collection<String> names) {
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        names.add(parser.currentName());
        parser.nextToken();
        parser.skipChildren();
      }
    } catch (IOException e) {
      // A line that cannot be parsed has no columns; reading reports it with its number.
      return;
    }
  }

  private RawDocument document(FileSplit split, long row, String line) throws IOException {
    Map<String, RawValue> values = new HashMap<>();
    String failure = parse(line, values);
    String id = null;
    if (failure == null && columns.id() != null && values.get(columns.id()) != null) {
      RawValue value = values.get(columns.id());
      id = value.text();
      failure = id == null ? "column '" + columns.id() + "' is not a string or a number" : null;
    }
    if (failure == null) {
      failure = textFailure(values);
    }
    if (failure != null) {
      return RawDocument.failed(split, row, row + 1, id, failure);
    }
    List<String> kept = columns.kept();
    RawValue[] keptValues = kept.stream().map(values::get).toArray(RawValue[]::new);
    String text = values.get(columns.text()).text();
    return new RawDocument(split, row, row + 1, id, text, keptValues, null);
  }

  private String textFailure(Map<String, RawValue> values) {
    String column = "column '" + columns.text() + "'";
    if (!values.containsKey(columns.text())) {
      return "there is no " + column;
    }
    RawValue text = values.get(columns.text());
    if (text == null) {
      return column + " is null";
    }
    return switch (text.kind()) {
      case STRING -> null;
      case LONG, DOUBLE -> column + " is a number, not a string";
      case BOOLEAN -> column + " is true or false, not a string";
      case NESTED -> column + " is an object or array, not a string";
    };
  }

  /** Fills in the wanted columns; returns null, or why the line cannot be read. */
  private String parse(String line, Map<String, RawValue> values) throws IOException {
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return "the line is JSON but not an object";
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (isWanted(name)) {
          values.put(name, value(parser));
        }
        parser.skipChildren();
      }
      return parser.nextToken() == null ? null : "the line goes on after its JSON object";
    } catch (JsonProcessingException e) {
      return "invalid JSON at column "
          + e.getLocation().getColumnNr()
          + ": "
          + e.getOriginalMessage();
    }
  }

  private boolean isWanted(String name) {
    return name.equals(columns.text())
        || name.equals(columns.id())
        || columns.kept().contains(name);
  }

  private static RawValue value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_TRUE, VALUE_FALSE -> new RawValue(parser.getText(), RawValue.Kind.BOOLEAN);
      case VALUE_NUMBER_FLOAT -> new RawValue(parser.getText(), RawValue.Kind.DOUBLE);
      case VALUE_NUMBER_INT -> new RawValue(parser.getText(), integerKind(parser));
      case VALUE_STRING ->
          new RawValue(RawDocument.wellFormed(parser.getText()), RawValue.Kind.STRING);
      default -> new RawValue(null, RawValue.Kind.NESTED);
    };
  }

  /** An integer beyond 64 bits makes its column one of strings: nothing else holds it exactly. */
  private static RawValue.Kind integerKind(JsonParser parser) throws IOException {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? RawValue.Kind.STRING
        : RawValue.Kind.LONG;
  }
}
