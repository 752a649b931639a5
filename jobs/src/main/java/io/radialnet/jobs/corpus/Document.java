package io.radialnet.jobs.corpus;

import java.io.Serializable;

/**
 * One document of a corpus, or one that cannot be read. Serializable; whoever holds it owns the
 * array, which no one changes.
 *
 * @param docId the id in the corpus, or {@code <file>#<row>} where there is none; never null
 * @param file the file's path relative to the corpus root, with {@code /}
 * @param row 0-based: the line of JSON Lines and text, the record after the header of CSV, the row
 *     in the file of Parquet and Delta
 * @param line 1-based line on which it starts, in the text formats; 0 in the others
 * @param text the text, well-formed Unicode; null when there is a failure
 * @param kept values of the kept columns in the order of {@link Corpus#keptSchema()}, null where
 *     absent: String, Boolean, Integer, Long, Float, Double, java.time.LocalDate or
 *     java.time.Instant
 * @param failure null, or why this document cannot be read
 */
@SuppressWarnings("ArrayRecordComponent") // Rows of arrays: never compared, and copied nowhere.
public record Document(
    String docId, String file, long row, long line, String text, Object[] kept, String failure)
    implements Serializable {

  /** Where the document stands, for people: {@code books/a.jsonl:line 3}. */
  public String source() {
    return line > 0 ? file + ":line " + line : file + ":row " + row;
  }

  /** Orders by file, then row: which of two documents stands first in the corpus. */
  public static int compareInCorpusOrder(Document a, Document b) {
    int byFile = a.file.compareTo(b.file);
    return byFile != 0 ? byFile : Long.compare(a.row, b.row);
  }

  /** The id of a document that has none of its own. */
  static String fallbackId(String file, long row) {
    return file + "#" + row;
  }
}
