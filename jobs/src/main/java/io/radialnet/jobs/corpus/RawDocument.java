package io.radialnet.jobs.corpus;

import org.apache.spark.sql.types.StructType;

/**
 * A document of a text format whose kept values have no type yet.
 *
 * @param split where it was read
 * @param row 0-based row of the file
 * @param line 1-based line of the file on which it starts
 * @param id its id, null where it has none
 * @param text its text, null when there is a failure
 * @param kept its kept values, null entries where absent; null when there is a failure
 * @param failure null, or why it cannot be read
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; lives for one step of an iterator.
record RawDocument(
    FileSplit split, long row, long line, String id, String text, RawValue[] kept, String failure) {

  static RawDocument failed(FileSplit split, long row, long line, String id, String failure) {
    return new RawDocument(split, row, line, id, null, null, failure);
  }

  /** The document with its kept values in the types of their columns. */
  Document typed(StructType keptSchema) {
    Object[] values = new Object[keptSchema.size()];
    for (int i = 0; kept != null && i < values.length; i++) {
      values[i] = kept[i] == null ? null : kept[i].typed(keptSchema.apply(i).dataType());
    }
    String docId = id != null ? id : Document.fallbackId(split.file(), row);
    return new Document(docId, split.file(), row, line, text, values, failure);
  }

  /** Text with every lone surrogate, which UTF-8 cannot hold, replaced by U+FFFD. */
  static String wellFormed(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      boolean isPair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (isPair) {
        i++;
        continue;
      }
      repaired = repaired == null ? new StringBuilder(text) : repaired;
      repaired.setCharAt(i, '\uFFFD');
    }
    return repaired == null ? text : repaired.toString();
  }
}
