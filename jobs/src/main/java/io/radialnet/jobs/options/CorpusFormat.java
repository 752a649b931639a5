package io.radialnet.jobs.options;

import java.util.Locale;

/** How a corpus is stored. */
public enum CorpusFormat {
  /** By the ending of its files, or by what its directory holds. */
  AUTO,
  /** One JSON object a line. */
  JSONL,
  /** One document a file. */
  TEXT,
  /** Parquet files. */
  PARQUET,
  /** A Delta table. */
  DELTA,
  /** Comma-separated values with a header line. */
  CSV,
  /** Image files. */
  IMAGES;

  /** The name as users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
