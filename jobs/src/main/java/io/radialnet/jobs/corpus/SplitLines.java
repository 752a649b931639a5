package io.radialnet.jobs.corpus;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.util.LineReader;

/**
 * The lines of a split, ended by {@code \n}, {@code \r\n} or {@code \r}, with a byte order mark
 * removed. Bytes that are no UTF-8 become U+FFFD. Not thread-safe.
 */
final class SplitLines implements Closeable {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final LineReader reader;
  private final Text line = new Text();
  private final long lastStart; // lines that begin after this byte belong to the next split
  private final boolean startsFile;
  private long position;
  private long row;

  private SplitLines(LineReader reader, FileSplit split, long lastStart) throws IOException {
    this.reader = reader;
    this.lastStart = lastStart;
    this.startsFile = split.start() == 0;
    this.position = split.start();
    this.row = split.firstRow() - 1;
    if (!startsFile) {
      position += reader.readLine(line); // belongs to the split before
    }
  }

  static SplitLines open(Configuration conf, FileSplit split) throws IOException {
    long lastStart = Streams.isCompressed(conf, split.path()) ? Long.MAX_VALUE : split.end();
    LineReader reader = new LineReader(Streams.open(conf, split.path(), split.start()));
    try {
      return new SplitLines(reader, split, lastStart);
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** How many lines begin in a split. */
  static long count(Configuration conf, FileSplit split) throws IOException {
    try (SplitLines lines = open(conf, split.withFirstRow(0))) {
      long count = 0;
      while (lines.advance()) {
        count++;
      }
      return count;
    }
  }

  /** Goes to the next line; false at the end of the split. */
  boolean advance() throws IOException {
    if (position > lastStart) {
      return false;
    }
    int consumed = reader.readLine(line);
    if (consumed == 0) {
      return false;
    }
    position += consumed;
    row++;
    return true;
  }

  /** 0-based number of this line in the file. */
  long row() {
    return row;
  }

  String text() {
    int skip = startsFile && row == 0 && startsWithByteOrderMark() ? BYTE_ORDER_MARK.length : 0;
    return new String(line.getBytes(), skip, line.getLength() - skip, StandardCharsets.UTF_8);
  }

  private boolean startsWithByteOrderMark() {
    byte[] bytes = line.getBytes();
    return line.getLength() >= BYTE_ORDER_MARK.length
        && bytes[0] == BYTE_ORDER_MARK[0]
        && bytes[1] == BYTE_ORDER_MARK[1]
        && bytes[2] == BYTE_ORDER_MARK[2];
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
