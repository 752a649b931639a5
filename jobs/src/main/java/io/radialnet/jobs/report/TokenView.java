package io.radialnet.jobs.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One document token by token, as a run measured it, or why it cannot be shown.
 *
 * @param run the run
 * @param document the document; empty if it cannot be shown
 * @param note why it cannot be shown; empty if it can
 */
record TokenView(ReportRun run, Optional<Document> document, String note) {

  static TokenView of(ReportRun run, Document document) {
    return new TokenView(run, Optional.of(document), "");
  }

  static TokenView none(ReportRun run, String note) {
    return new TokenView(run, Optional.empty(), note);
  }

  /**
   * The first tokens of a document.
   *
   * @param docId its id
   * @param tokens in the order of the document
   * @param ratios by block and then token: L floats
   * @param more whether the document goes on
   */
  record Document(
      String docId, List<Token> tokens, Map<String, List<List<Float>>> ratios, boolean more) {

    Document {
      tokens = List.copyOf(tokens);
      ratios = Map.copyOf(ratios);
    }
  }

  /**
   * A token.
   *
   * @param text as it reads, nothing if it only begins a character that the next one ends
   * @param window of the document
   * @param position in the window
   * @param isSpecial whether it is a special token
   */
  record Token(String text, int window, int position, boolean isSpecial) {}
}
