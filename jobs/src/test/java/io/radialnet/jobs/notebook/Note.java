package io.radialnet.jobs.notebook;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Zeppelin note.
 *
 * @param file its name in {@code notebooks}
 * @param json all that it holds
 */
record Note(String file, ObjectNode json) {

  private static final Path DIRECTORY = Path.of("../notebooks").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The notes of the project. */
  static List<Note> all() {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .filter(file -> file.toString().endsWith(".zpln"))
          .sorted()
          .map(file -> new Note(file.getFileName().toString(), Samples.parsed(Samples.read(file))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file's text. */
  String text() {
    return Samples.read(DIRECTORY.resolve(file));
  }

  /** How the file is to be written: two blanks a level, keys in the order that they have. */
  String pretty() {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator(""));
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    try {
      return JSON.writer(printer).writeValueAsString(json) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its paragraphs in their order. */
  List<Paragraph> paragraphs() {
    List<Paragraph> paragraphs = new ArrayList<>();
    json.path("paragraphs").forEach(paragraph -> paragraphs.add(Paragraph.of(paragraph)));
    return paragraphs;
  }

  /** This note with another value in a form of its first paragraph. */
  Note withParameter(String name, String value) {
    ObjectNode changed = json.deepCopy();
    parameters(changed).put(name, value);
    return new Note(file, changed);
  }

  /** This note with another text in one paragraph. */
  Note withText(int paragraph, String text) {
    ObjectNode changed = json.deepCopy();
    ((ObjectNode) changed.path("paragraphs").get(paragraph)).put("text", text);
    return new Note(file, changed);
  }

  /** This note with its first paragraphs only. */
  Note upTo(int count) {
    ObjectNode changed = json.deepCopy();
    ArrayNode paragraphs = changed.putArray("paragraphs");
    for (int i = 0; i < count; i++) {
      paragraphs.add(json.path("paragraphs").get(i).deepCopy());
    }
    return new Note(file, changed);
  }

  /** The code of a paragraph with the values of the forms in it, as Zeppelin puts them there. */
  String filled(Paragraph paragraph) {
    String code = paragraph.code();
    for (Form form : Form.of(code)) {
      JsonNode value = parameters(json).path(form.name());
      code = code.replace(form.text(), value.asText(form.defaultValue()));
    }
    return code;
  }

  private static ObjectNode parameters(ObjectNode note) {
    return (ObjectNode) note.at("/paragraphs/0/settings/params");
  }

  @Override
  public String toString() {
    return file;
  }
}
