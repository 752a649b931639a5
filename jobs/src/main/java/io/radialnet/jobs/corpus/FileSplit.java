package io.radialnet.jobs.corpus;

import io.radialnet.error.UserException;
import java.io.Serializable;

/**
 * A stretch of a file that one task reads. Small and serializable.
 *
 * @param path qualified Hadoop path of the file
 * @param file its path relative to the corpus root
 * @param start first byte; the line that begins before it belongs to the split before
 * @param end byte after the last; the line that begins at or before it belongs to this split
 * @param firstRow 0-based row of the file at which this split begins
 * @param documentLimit read at most so many documents
 */
record FileSplit(String path, String file, long start, long end, long firstRow, long documentLimit)
    implements Serializable {

  static FileSplit of(CorpusFile file, long start, long end) {
    return new FileSplit(file.path(), file.file(), start, end, 0, Long.MAX_VALUE);
  }

  FileSplit withFirstRow(long row) {
    return new FileSplit(path, file, start, end, row, documentLimit);
  }

  FileSplit withDocumentLimit(long documents) {
    return new FileSplit(path, file, start, end, firstRow, documents);
  }

  long bytes() {
    return end - start;
  }

  /** The failure to read this file at all. */
  UserException unreadable(Exception origin) {
    String reason = origin.getMessage() == null ? origin.toString() : origin.getMessage();
    return UserException.of(
        "Cannot read corpus file " + path,
        reason,
        "Check that the file is whole and readable, then run again",
        origin);
  }
}
