package io.radialnet.jobs.corpus;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;

/**
 * Reads the records of several splits one after the other. Whoever makes one closes it. Not
 * thread-safe.
 */
final class SplitReader implements Iterator<RawDocument>, Closeable {

  private final Configuration conf;
  private final RecordFormat format;
  private final Iterator<FileSplit> splits;
  private FileSplit split;
  private RecordFormat.Records records;
  private long documentsLeft;
  private RawDocument next;

  SplitReader(Configuration conf, RecordFormat format, List<FileSplit> splits) {
    this.conf = conf;
    this.format = format;
    this.splits = splits.iterator();
  }

  /** How many documents a split has, counting no further than {@code atMost}. */
  static long count(Configuration conf, RecordFormat format, FileSplit split, long atMost)
      throws IOException {
    try (SplitReader reader =
        new SplitReader(conf, format, List.of(split.withDocumentLimit(atMost)))) {
      long count = 0;
      while (reader.hasNext()) {
        reader.next();
        count++;
      }
      return count;
    }
  }

  @Override
  public boolean hasNext() {
    while (next == null && (records != null || splits.hasNext())) {
      try {
        advance();
      } catch (IOException e) {
        throw split.unreadable(e);
      }
    }
    return next != null;
  }

  @Override
  public RawDocument next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    RawDocument document = next;
    next = null;
    return document;
  }

  @Override
  public void close() throws IOException {
    if (records != null) {
      records.close();
      records = null;
    }
  }

  private void advance() throws IOException {
    if (records == null) {
      split = splits.next();
      documentsLeft = split.documentLimit();
      records = format.open(conf, split);
    }
    next = documentsLeft > 0 ? records.next() : null;
    documentsLeft--;
    if (next == null) {
      close();
    }
  }
}
