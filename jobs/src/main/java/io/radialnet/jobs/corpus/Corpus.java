package io.radialnet.jobs.corpus;

import io.radialnet.error.UserException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * An open corpus. Lives on the driver; nothing that grows with the corpus is held there except the
 * list of its files and splits. Thread-safe.
 *
 * <p>Duplicate ids are passed on: which of two documents comes first is {@link
 * Document#compareInCorpusOrder}.
 */
public final class Corpus {

  private final CorpusOptions options;
  private final DocumentSource source;

  private Corpus(CorpusOptions options, DocumentSource source) {
    this.options = options;
    this.source = source;
  }

  /**
   * Opens a corpus after cheap checks: that it exists, is not empty, is of one format and has the
   * columns asked for. JSON Lines are taken to have the columns of their first 1,000 lines.
   *
   * @throws UserException when one of these does not hold, or the corpus cannot be read
   */
  public static Corpus open(SparkSession spark, CorpusOptions options) {
    Configuration conf = spark.sparkContext().hadoopConfiguration();
    CorpusFiles files = CorpusFiles.list(conf, options);
    CorpusFormat format = format(options, files);
    if (files.bytes() == 0 && format != CorpusFormat.DELTA) {
      throw empty(options);
    }
    DocumentSource source =
        switch (format) {
          case JSONL -> TextSource.openJson(spark, options, files);
          case TEXT -> TextSource.openText(spark, options, files);
          case CSV -> TextSource.openCsv(spark, options, files);
          case PARQUET -> TableSource.openParquet(spark, options, files);
          case DELTA -> TableSource.openDelta(spark, options, files);
          case AUTO -> throw new IllegalStateException("the format has been told from the files");
        };
    return new Corpus(options, source);
  }

  /** Which shard a document belongs to, 0 (inclusive) to their number (exclusive). Serialized. */
  @FunctionalInterface
  public interface Sharding extends Serializable {
    int shardOf(Document document);
  }

  /** As {@link #scan(int, Sharding)}, with one shard. */
  public CorpusScan scan() {
    return scan(1, document -> 0);
  }

  /**
   * Reads the whole corpus once, limit and sample applied.
   *
   * @param shards how many there are
   * @throws UserException when a file cannot be read
   */
  public CorpusScan scan(int shards, Sharding sharding) {
    JavaRDD<Document> documents = documents();
    Fingerprint none = new Fingerprint(shards, sharding);
    Fingerprint found =
        ExecutorFailures.unwrap(
            () -> documents.aggregate(none, Fingerprint::add, Fingerprint::merge));
    return found.toScan(bytesOnDisk());
  }

  /**
   * The documents with limit and sample applied, those that cannot be read included, in no
   * particular order. Each action reads the corpus anew; a file that cannot be read fails it with a
   * {@link UserException}, which {@link ExecutorFailures#unwrap} brings to the driver.
   */
  public JavaRDD<Document> documents() {
    double fraction = options.sampleFraction();
    JavaRDD<Document> documents = source.documents();
    return fraction == 1
        ? documents
        : documents.filter(document -> Fingerprint.unitHash(document.docId()) < fraction);
  }

  /**
   * Names, types and order of {@link Document#kept}: string, boolean, int, bigint, float, double,
   * date or timestamp, all nullable. Parquet and Delta have types (tinyint and smallint are widened
   * to int). In JSON Lines and CSV a column is bigint, double or boolean when every value is
   * (within the limit), else string with the values as they are written; numbers with leading zeros
   * and integers beyond 64 bits count as text. Finding that out is a pass over the corpus, made
   * once.
   *
   * @throws UserException when a column holds anything else
   */
  public StructType keptSchema() {
    return source.keptSchema();
  }

  /** Size of the corpus's files as they lie on disk, without limit or sample. */
  public long bytesOnDisk() {
    return source.bytesOnDisk();
  }

  static UserException empty(CorpusOptions options) {
    return UserException.of(
        options.problem(), "it holds no documents", "Name a corpus with at least one document");
  }

  private static CorpusFormat format(CorpusOptions options, CorpusFiles files) {
    if (options.format() == CorpusFormat.DELTA && files.deltaTable().isEmpty()) {
      throw UserException.of(
          options.problem(),
          "it is no Delta table, for it has no directory _delta_log",
          "Name the directory of a Delta table, or another --format");
    }
    if (options.format() != CorpusFormat.AUTO) {
      return options.format();
    }
    if (files.deltaTable().isPresent()) {
      return CorpusFormat.DELTA;
    }
    if (files.files().isEmpty()) {
      throw empty(options);
    }
    return commonFormat(options, files);
  }

  private static CorpusFormat commonFormat(CorpusOptions options, CorpusFiles files) {
    CorpusFile first = files.files().get(0);
    CorpusFormat format = formatOf(options, first);
    for (CorpusFile file : files.files()) {
      CorpusFormat other = formatOf(options, file);
      if (other != format) {
        throw UserException.of(
            options.problem(),
            first.file() + " is " + format.word() + ", " + file.file() + " is " + other.word(),
            "Name files of one kind, for example by a glob, or give --format");
      }
    }
    return format;
  }

  private static CorpusFormat formatOf(CorpusOptions options, CorpusFile file) {
    return CorpusFormat.ofFileName(file.file())
        .orElseThrow(
            () ->
                UserException.of(
                    options.problem(),
                    "the extension of " + file.file() + " does not tell its format",
                    "Give --format jsonl, text, csv, parquet or delta"));
  }
}
