package io.radialnet.jobs.corpus;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How the files of a corpus hold its documents. */
public enum CorpusFormat {
  /** Delta for a directory with {@code _delta_log}, else by the extension of the files. */
  AUTO,
  /** One JSON object per line. Blank lines are no documents, but count as lines and rows. */
  JSONL,
  /** One document per line; an empty line is an empty document. */
  TEXT,
  /** Comma or, for {@code .tsv}, tab separated, with a header, quoted as in RFC 4180. */
  CSV,
  /** Parquet, with the partition columns of its directories. */
  PARQUET,
  /** A Delta table, read at the version it had when the corpus was opened. */
  DELTA;

  private static final Map<String, CorpusFormat> BY_EXTENSION =
      Map.of(
          "jsonl", JSONL, "json", JSONL, "ndjson", JSONL, "txt", TEXT, "csv", CSV, "tsv", CSV,
          "parquet", PARQUET);
  private static final List<String> COMPRESSIONS = List.of(".gz", ".bz2", ".zst");

  /** The format that a file's extension stands for; none when the extension is unknown. */
  static Optional<CorpusFormat> ofFileName(String name) {
    return Optional.ofNullable(BY_EXTENSION.get(extension(name)));
  }

  /** The extension in lower case without its dot and without that of a compression. */
  static String extension(String name) {
    String plain = name.toLowerCase(Locale.ROOT);
    for (String compression : COMPRESSIONS) {
      if (plain.endsWith(compression)) {
        plain = plain.substring(0, plain.length() - compression.length());
        break;
      }
    }
    return plain.substring(plain.lastIndexOf('.') + 1);
  }

  /** The word that {@code --format} takes. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
