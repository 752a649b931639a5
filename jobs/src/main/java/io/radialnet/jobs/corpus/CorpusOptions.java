package io.radialnet.jobs.corpus;

import io.radialnet.error.UserException;
import io.radialnet.jobs.table.TokenRatiosTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What to read of which corpus.
 *
 * @param paths files, directories (read recursively; names that start with {@code _} or {@code .}
 *     are skipped) or globs on any Hadoop file system
 * @param format how the files hold the documents; by default told from the files
 * @param textColumn the column with a document's text, by default {@code text}
 * @param idColumn the column with a document's id, which must then exist; empty for {@code doc_id}
 *     where there is one. Documents without an id get {@code <relative path>#<0-based row>}
 * @param keepColumns further columns to carry along, in this order
 * @param limitDocs the first so many documents in corpus order; 0 for all
 * @param sampleFraction the share of those documents to take, above 0, at most 1. A document is in
 *     or out by a hash of its id, so a larger fraction takes a superset
 */
public record CorpusOptions(
    List<String> paths,
    CorpusFormat format,
    String textColumn,
    Optional<String> idColumn,
    List<String> keepColumns,
    long limitDocs,
    double sampleFraction) {

  /** The id column that is used where it exists and none was asked for. */
  static final String DEFAULT_ID_COLUMN = "doc_id";

  /**
   * Checks everything and reports all problems together.
   *
   * @throws UserException when a value is out of range or a kept column's name is taken
   */
  public CorpusOptions {
    paths = List.copyOf(paths);
    keepColumns = List.copyOf(keepColumns);
    List<String> problems = new ArrayList<>();
    if (paths.isEmpty()) {
      problems.add("no path is given");
    }
    if (limitDocs < 0) {
      problems.add("limit-docs is " + limitDocs + ", below 0");
    }
    if (!(sampleFraction > 0 && sampleFraction <= 1)) {
      problems.add("sample-fraction is " + sampleFraction + ", not above 0 and at most 1");
    }
    problems.addAll(keptNameProblems(keepColumns));
    if (!problems.isEmpty()) {
      throw UserException.of(
          "Cannot read corpus " + String.join(", ", paths),
          String.join("; ", problems),
          "Correct the options");
    }
  }

  /** All documents of one path, every option at its default. */
  public static CorpusOptions of(String path) {
    return new CorpusOptions(
        List.of(path), CorpusFormat.AUTO, "text", Optional.empty(), List.of(), 0, 1.0);
  }

  /** These options for files of a given format. */
  public CorpusOptions withFormat(CorpusFormat newFormat) {
    return new CorpusOptions(
        paths, newFormat, textColumn, idColumn, keepColumns, limitDocs, sampleFraction);
  }

  /** These options with the text in another column. */
  public CorpusOptions withTextColumn(String newTextColumn) {
    return new CorpusOptions(
        paths, format, newTextColumn, idColumn, keepColumns, limitDocs, sampleFraction);
  }

  /** These options with the ids in a column that must exist. */
  public CorpusOptions withIdColumn(String newIdColumn) {
    return new CorpusOptions(
        paths,
        format,
        textColumn,
        Optional.of(newIdColumn),
        keepColumns,
        limitDocs,
        sampleFraction);
  }

  /** These options with these columns carried along. */
  public CorpusOptions withKeepColumns(List<String> newKeepColumns) {
    return new CorpusOptions(
        paths, format, textColumn, idColumn, newKeepColumns, limitDocs, sampleFraction);
  }

  /** These options for the first documents only. */
  public CorpusOptions withLimitDocs(long newLimitDocs) {
    return new CorpusOptions(
        paths, format, textColumn, idColumn, keepColumns, newLimitDocs, sampleFraction);
  }

  /** These options for a share of the documents. */
  public CorpusOptions withSampleFraction(double newSampleFraction) {
    return new CorpusOptions(
        paths, format, textColumn, idColumn, keepColumns, limitDocs, newSampleFraction);
  }

  /** How messages begin that concern this corpus. */
  String problem() {
    return "Cannot read corpus " + String.join(", ", paths);
  }

  private static List<String> keptNameProblems(List<String> keepColumns) {
    List<String> problems = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    for (String column : keepColumns) {
      if (TokenRatiosTable.isReserved(column)) {
        problems.add(
            "column '"
                + column
                + "' cannot be kept, for "
                + TokenRatiosTable.NAME
                + " has one of that name");
      } else if (!seen.add(column.toLowerCase(Locale.ROOT))) {
        problems.add("column '" + column + "' is kept twice (Spark ignores case)");
      }
    }
    return problems;
  }
}
