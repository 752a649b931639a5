package io.radialnet.jobs.corpus;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Plain text: every line is a document, the empty ones too. */
record TextLines() implements RecordFormat {

  private static final RawValue[] NOTHING_KEPT = {};

  @Override
  public boolean isSplittable() {
    return true;
  }

  @Override
  public Records open(Configuration conf, FileSplit split) throws IOException {
    SplitLines lines = SplitLines.open(conf, split);
    return new Records() {
      @Override
      public RawDocument next() throws IOException {
        if (!lines.advance()) {
          return null;
        }
        long row = lines.row();
        return new RawDocument(split, row, row + 1, null, lines.text(), NOTHING_KEPT, null);
      }

      @Override
      public void close() throws IOException {
        lines.close();
      }
    };
  }
}
