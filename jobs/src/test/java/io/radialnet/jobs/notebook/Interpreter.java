package io.radialnet.jobs.notebook;

import java.util.List;

/** Runs paragraphs of one kind; what one defines the next one sees. */
interface Interpreter {

  /**
   * A table that a paragraph shows.
   *
   * @param columns their names in their order
   * @param rows as text, in their order
   */
  record Shown(List<String> columns, List<List<String>> rows) {}

  /** What a paragraph fails with, as its interpreter words it. */
  final class ParagraphFailure extends RuntimeException {
    ParagraphFailure(String message) {
      super(message);
    }

    ParagraphFailure(Exception cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Runs a paragraph.
   *
   * @return the tables that it shows
   * @throws ParagraphFailure when it does not compile or does not run to its end
   */
  List<Shown> run(String code);
}
