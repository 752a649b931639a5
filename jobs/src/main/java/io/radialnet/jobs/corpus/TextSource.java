package io.radialnet.jobs.corpus;

import io.radialnet.error.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * JSON Lines, text and CSV. Files are cut into splits that never share a line; the driver holds the
 * list of splits and, for files of several splits, how many lines each has, which makes row numbers
 * independent of the cutting.
 */
final class TextSource implements DocumentSource {

  /** How many lines of JSON are looked at to learn which columns there are. */
  private static final int PEEKED_LINES = 1_000;

  /** What opening a file costs, in bytes read meanwhile: small files are read several to a task. */
  private static final long FILE_OPEN_BYTES = 1L << 20;

  private final JavaSparkContext spark;
  private final Broadcast<SerializableConfiguration> conf;
  private final CorpusOptions options;
  private final CorpusFiles files;
  private final RecordFormat format;
  private final long splitBytes;
  private List<FileSplit> numberedSplits;
  private StructType keptSchema;

  private TextSource(
      SparkSession session, CorpusOptions options, CorpusFiles files, RecordFormat format) {
    this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    this.conf = spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    this.options = options;
    this.files = files;
    this.format = format;
    this.splitBytes = splitBytes(session);
  }

  static TextSource openText(SparkSession session, CorpusOptions options, CorpusFiles files) {
    if (options.idColumn().isPresent() || !options.keepColumns().isEmpty()) {
      throw UserException.of(
          options.problem(),
          "plain text has no columns, every line is a document's text",
          "Leave out --id-column and --keep-columns, or name another --format");
    }
    return new TextSource(session, options, files, new TextLines()).requireDocuments();
  }

  static TextSource openJson(SparkSession session, CorpusOptions options, CorpusFiles files) {
    Configuration conf = session.sparkContext().hadoopConfiguration();
    Set<String> present = new TreeSet<>();
    long peeked = peekColumns(conf, files, present);
    if (peeked > 0 && present.isEmpty()) {
      throw UserException.of(
          options.problem(),
          "none of its first " + peeked + " lines is a JSON object with columns",
          "Put one JSON object on each line, or name another --format");
    }
    if (peeked == 0) {
      throw Corpus.empty(options);
    }
    CorpusColumns columns = CorpusColumns.of(options, present);
    // The id may first appear after the lines looked at.
    String id = options.idColumn().orElse(CorpusOptions.DEFAULT_ID_COLUMN);
    CorpusColumns withId = new CorpusColumns(columns.text(), id, columns.kept());
    return new TextSource(session, options, files, new JsonLines(withId));
  }

  static TextSource openCsv(SparkSession session, CorpusOptions options, CorpusFiles files) {
    Configuration conf = session.sparkContext().hadoopConfiguration();
    for (CorpusFile file : files.files()) {
      FileSplit split = FileSplit.of(file, 0, file.bytes());
      try {
        List<String> header = CsvRecords.header(conf, split);
        if (!header.isEmpty()) {
          CorpusColumns columns = CorpusColumns.of(options, header);
          return new TextSource(session, options, files, new CsvRecords(columns))
              .requireDocuments();
        }
      } catch (IOException e) {
        throw split.unreadable(e);
      }
    }
    throw Corpus.empty(options);
  }

  @Override
  public long bytesOnDisk() {
    return files.bytes();
  }

  @Override
  public synchronized StructType keptSchema() {
    if (keptSchema == null) {
      int columns = options.keepColumns().size();
      KeptKinds kinds = new KeptKinds(columns);
      if (columns > 0) {
        ExecutorFailures.unwrap(() -> rawDocuments().mapPartitions(kindsOf(columns)).collect())
            .forEach(kinds::merge); // one of each partition, in corpus order
      }
      keptSchema = kinds.schema(options);
    }
    return keptSchema;
  }

  @Override
  public JavaRDD<Document> documents() {
    StructType schema = keptSchema();
    return rawDocuments().map(document -> document.typed(schema));
  }

  private static FlatMapFunction<Iterator<RawDocument>, KeptKinds> kindsOf(int columns) {
    return documents -> {
      KeptKinds kinds = new KeptKinds(columns);
      documents.forEachRemaining(kinds::add);
      return List.of(kinds).iterator();
    };
  }

  private JavaRDD<RawDocument> rawDocuments() {
    List<List<FileSplit>> groups = group(numberedSplits());
    Broadcast<SerializableConfiguration> taskConf = conf;
    RecordFormat taskFormat = format;
    return spark
        .parallelize(groups, Math.max(1, groups.size()))
        .flatMap(
            splits -> closedByTask(new SplitReader(taskConf.value().value(), taskFormat, splits)));
  }

  private static SplitReader closedByTask(SplitReader reader) {
    TaskCompletionListener close =
        context -> {
          try {
            reader.close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    TaskContext.get().addTaskCompletionListener(close);
    return reader;
  }

  /** The splits up to the limit, each knowing the row at which it begins. */
  private synchronized List<FileSplit> numberedSplits() {
    if (numberedSplits == null) {
      numberedSplits = ExecutorFailures.unwrap(() -> numberRows(limit(split())));
    }
    return numberedSplits;
  }

  private List<FileSplit> split() {
    List<FileSplit> splits = new ArrayList<>();
    for (CorpusFile file : files.files()) {
      boolean isWhole =
          !format.isSplittable() || Streams.isCompressed(conf.value().value(), file.path());
      long step = isWhole ? Math.max(1, file.bytes()) : splitBytes;
      for (long start = 0; start < file.bytes(); start += step) {
        splits.add(FileSplit.of(file, start, Math.min(file.bytes(), start + step)));
      }
    }
    return splits;
  }

  /** The first splits that hold the documents of the limit, found without reading the others. */
  private List<FileSplit> limit(List<FileSplit> splits) {
    long left = options.limitDocs();
    if (left == 0) {
      return splits;
    }
    List<FileSplit> limited = new ArrayList<>();
    for (int from = 0, width = 1; from < splits.size() && left > 0; from += width, width *= 2) {
      int to = Math.min(splits.size(), from + width);
      List<Long> counts = countDocuments(splits.subList(from, to), left);
      for (int i = 0; i < counts.size() && left > 0; i++) {
        limited.add(splits.get(from + i).withDocumentLimit(left));
        left -= Math.min(left, counts.get(i));
      }
    }
    return limited;
  }

  private List<Long> countDocuments(List<FileSplit> splits, long atMost) {
    Broadcast<SerializableConfiguration> taskConf = conf;
    RecordFormat taskFormat = format;
    return spark
        .parallelize(new ArrayList<>(splits), splits.size())
        .map(split -> SplitReader.count(taskConf.value().value(), taskFormat, split, atMost))
        .collect();
  }

  private List<FileSplit> numberRows(List<FileSplit> splits) {
    List<FileSplit> precedingSplits = new ArrayList<>(); // those with a later split of their file
    for (int i = 0; i + 1 < splits.size(); i++) {
      if (splits.get(i + 1).start() > 0) {
        precedingSplits.add(splits.get(i));
      }
    }
    if (precedingSplits.isEmpty()) {
      return splits;
    }
    Iterator<Long> lines = countLines(precedingSplits).iterator();
    List<FileSplit> numbered = new ArrayList<>();
    long row = 0;
    for (FileSplit split : splits) {
      row = split.start() == 0 ? 0 : row + lines.next();
      numbered.add(split.withFirstRow(row));
    }
    return numbered;
  }

  private List<Long> countLines(List<FileSplit> splits) {
    Broadcast<SerializableConfiguration> taskConf = conf;
    return spark
        .parallelize(splits, splits.size())
        .map(
            split -> {
              try {
                return SplitLines.count(taskConf.value().value(), split);
              } catch (IOException e) {
                throw split.unreadable(e);
              }
            })
        .collect();
  }

  /** Neighbouring splits together until they make a task's worth. */
  private List<List<FileSplit>> group(List<FileSplit> splits) {
    List<List<FileSplit>> groups = new ArrayList<>();
    List<FileSplit> group = new ArrayList<>();
    long bytes = 0;
    for (FileSplit split : splits) {
      if (!group.isEmpty() && bytes + split.bytes() > splitBytes) {
        groups.add(group);
        group = new ArrayList<>();
        bytes = 0;
      }
      group.add(split);
      bytes += split.bytes() + FILE_OPEN_BYTES;
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    return groups;
  }

  private TextSource requireDocuments() {
    Configuration driverConf = spark.hadoopConfiguration();
    for (CorpusFile file : files.files()) {
      FileSplit split = FileSplit.of(file, 0, file.bytes());
      try {
        if (SplitReader.count(driverConf, format, split, 1) > 0) {
          return this;
        }
      } catch (IOException e) {
        throw split.unreadable(e);
      }
    }
    throw Corpus.empty(options);
  }

  private static long peekColumns(Configuration conf, CorpusFiles files, Set<String> present) {
    long peeked = 0;
    for (CorpusFile file : files.files()) {
      FileSplit split = FileSplit.of(file, 0, file.bytes());
      try (SplitLines lines = SplitLines.open(conf, split)) {
        while (peeked < PEEKED_LINES && lines.advance()) {
          String line = lines.text();
          if (!line.isBlank()) {
            peeked++;
            JsonLines.addColumns(line, present);
          }
        }
      } catch (IOException e) {
        throw split.unreadable(e);
      }
      if (peeked >= PEEKED_LINES) {
        break;
      }
    }
    return peeked;
  }

  private static long splitBytes(SparkSession session) {
    String key = "spark.sql.files.maxPartitionBytes";
    return JavaUtils.byteStringAsBytes(session.conf().get(key));
  }
}
