package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;

/**
 * One Parquet file in the making. It is written under a hidden name of its own, so that several
 * attempts at a shard never meet, and gets its final name in one step by {@link #commit}. Closed
 * without commit it leaves nothing. Not thread-safe.
 *
 * @param <R> a row
 */
final class ShardFile<R> implements Closeable {

  /** What a writer holds in memory before it goes to disk, in bytes before compression. */
  private static final long ROW_GROUP_BYTES = 64L << 20;

  private enum State {
    OPEN,
    CLOSED
  }

  private final FileSystem fileSystem;
  private final Path finalFile;
  private final Path temporaryFile;
  private final ShardWriteSupport<R> support;
  private final ParquetWriter<R> writer;
  private State state = State.OPEN;

  private ShardFile(
      FileSystem fileSystem,
      Path finalFile,
      Path temporaryFile,
      ShardWriteSupport<R> support,
      ParquetWriter<R> writer) {
    this.fileSystem = fileSystem;
    this.finalFile = finalFile;
    this.temporaryFile = temporaryFile;
    this.support = support;
    this.writer = writer;
  }

  /** The one file of a shard: {@code <table>/shard=<n>/part.parquet}. */
  static Path path(Path table, int shard) {
    return new Path(new Path(table, TokenRatiosTable.SHARD + "=" + shard), "part.parquet");
  }

  /**
   * Begins a file.
   *
   * @param plainColumns columns whose values hardly repeat, so that a dictionary is wasted on them
   * @throws UserException when it cannot be created
   */
  static <R> ShardFile<R> create(
      Configuration conf, Path finalFile, ShardWriteSupport<R> support, List<String> plainColumns) {
    Path temporaryFile =
        new Path(finalFile.getParent(), "." + finalFile.getName() + "." + UUID.randomUUID());
    try {
      FileSystem fileSystem = finalFile.getFileSystem(conf);
      Builder<R> builder = new Builder<>(HadoopOutputFile.fromPath(temporaryFile, conf), support);
      plainColumns.forEach(column -> builder.withDictionaryEncoding(column, false));
      ParquetWriter<R> writer =
          builder
              .withConf(conf)
              .withWriterVersion(WriterVersion.PARQUET_1_0)
              .withWriteMode(ParquetFileWriter.Mode.CREATE)
              .withCompressionCodec(CompressionCodecName.ZSTD)
              .withRowGroupSize(ROW_GROUP_BYTES)
              .build();
      return new ShardFile<>(fileSystem, finalFile, temporaryFile, support, writer);
    } catch (IOException | ParquetRuntimeException | FSError e) {
      throw WriteFailures.of(finalFile, e);
    }
  }

  /** The key-value pairs in the footer of a finished file. */
  static Map<String, String> footer(Configuration conf, Path file) {
    try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, conf))) {
      return Map.copyOf(reader.getFooter().getFileMetaData().getKeyValueMetaData());
    } catch (IOException | RuntimeException e) { // Parquet throws both for a broken file
      throw UserException.of(
          "Cannot read " + file,
          e.getMessage() == null ? e.toString() : e.getMessage(),
          "Delete the file and run the same command again",
          e);
    }
  }

  void write(R row) {
    try {
      writer.write(row);
    } catch (IOException | ParquetRuntimeException | FSError e) {
      throw WriteFailures.of(finalFile, e);
    }
  }

  /** Finishes the file with these footer entries and gives it its name. */
  void commit(Map<String, String> footer) {
    if (state == State.CLOSED) {
      throw new IllegalStateException(finalFile + " is closed");
    }
    support.addToFooter(footer);
    try {
      writer.close();
      rename();
      state = State.CLOSED;
    } catch (IOException | ParquetRuntimeException | FSError e) {
      throw WriteFailures.of(finalFile, e);
    }
  }

  /** Removes what was written, unless it was committed. */
  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    try {
      writer.close();
    } catch (IOException | RuntimeException | FSError e) {
      // The file is thrown away; what made it so has been reported by write or commit.
      removeTemporary();
      return;
    }
    removeTemporary();
  }

  /** An earlier file of this shard is replaced: it is the same, or of a run to be overwritten. */
  private void rename() throws IOException {
    if (!fileSystem.rename(temporaryFile, finalFile)) {
      fileSystem.delete(finalFile, false);
      if (!fileSystem.rename(temporaryFile, finalFile)) {
        throw new IOException("cannot rename " + temporaryFile.getName() + " to its final name");
      }
    }
  }

  private void removeTemporary() {
    try {
      fileSystem.delete(temporaryFile, false);
    } catch (IOException | FSError e) {
      throw WriteFailures.of(temporaryFile, e);
    }
  }

  /** Parquet's builder for a write support made beforehand. */
  private static final class Builder<R> extends ParquetWriter.Builder<R, Builder<R>> {
    private final ShardWriteSupport<R> support;

    Builder(OutputFile file, ShardWriteSupport<R> support) {
      super(file);
      this.support = support;
    }

    @Override
    protected Builder<R> self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract, so there is no way round it
    protected WriteSupport<R> getWriteSupport(Configuration conf) {
      return support;
    }
  }
}
