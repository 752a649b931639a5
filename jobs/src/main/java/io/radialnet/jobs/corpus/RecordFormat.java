package io.radialnet.jobs.corpus;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/** How a text format's files are read record by record. Small, immutable, serializable. */
interface RecordFormat extends Serializable {

  /** Whether a file may be read from the middle, as lines may. */
  boolean isSplittable();

  /** Opens a split at its first record. */
  Records open(Configuration conf, FileSplit split) throws IOException;

  /** The records of a split, in order. Not thread-safe. */
  interface Records extends Closeable {

    /** The next record; null after the last. */
    RawDocument next() throws IOException;
  }
}
