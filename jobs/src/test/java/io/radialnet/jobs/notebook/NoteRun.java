package io.radialnet.jobs.notebook;

import io.radialnet.jobs.notebook.Interpreter.ParagraphFailure;
import io.radialnet.jobs.notebook.Interpreter.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What came of a note's paragraphs, run one after the other.
 *
 * @param failures what failed, by the paragraph's id; empty when all is well
 * @param shown the tables that the last paragraph shows
 */
record NoteRun(List<String> failures, List<Shown> shown) {

  /** Runs those paragraphs that one of the interpreters is for. */
  static NoteRun of(Note note, Map<String, Interpreter> interpreters) {
    List<String> failures = new ArrayList<>();
    List<Shown> shown = List.of();
    for (Paragraph paragraph : note.paragraphs()) {
      Interpreter interpreter = interpreters.get(paragraph.interpreter());
      if (interpreter != null) {
        try {
          shown = interpreter.run(note.filled(paragraph));
          failures.addAll(chartProblems(paragraph, shown));
        } catch (ParagraphFailure e) {
          failures.add(paragraph.id() + ": " + e.getMessage());
        }
      }
    }
    return new NoteRun(failures, shown);
  }

  /** Whether the first table that the paragraph shows has what its chart draws. */
  private static List<String> chartProblems(Paragraph paragraph, List<Shown> shown) {
    if (paragraph.chart().isEmpty()) {
      return List.of();
    }
    if (shown.isEmpty() || shown.get(0).rows().isEmpty()) {
      return List.of(paragraph.id() + ": there are no rows for the chart");
    }
    List<String> columns = shown.get(0).columns();
    return paragraph.chart().stream()
        .filter(column -> columns.indexOf(column.name()) != column.index())
        .map(
            column ->
                String.format(
                    "%s: the chart draws column %d, '%s', of %s",
                    paragraph.id(), column.index(), column.name(), columns))
        .toList();
  }
}
