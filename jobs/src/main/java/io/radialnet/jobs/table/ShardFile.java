package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.spark.sql.types.StructType;

/**
 * One Parquet file in the making. It is written under a hidden name of its own, so that several
 * attempts at a shard never meet, and gets its final name in one step by {@link #commit}. Closed
 * without commit it leaves nothing. Not thread-safe.
 */
final class ShardFile implements Closeable {

  private enum State {
    OPEN,
    CLOSED
  }

  private final FileSystem fileSystem;
  private final Path finalFile;
  private final Path temporaryFile;
  private final ParquetColumns columns;
  private State state = State.OPEN;

  private ShardFile(
      FileSystem fileSystem, Path finalFile, Path temporaryFile, ParquetColumns columns) {
    this.fileSystem = fileSystem;
    this.finalFile = finalFile;
    this.temporaryFile = temporaryFile;
    this.columns = columns;
  }

  /** The one file of a shard: {@code <table>/shard=<n>/part.parquet}. */
  static Path path(Path table, int shard) {
    return new Path(new Path(table, TokenRatiosTable.SHARD + "=" + shard), "part.parquet");
  }

  /**
   * Begins a file.
   *
   * @param schema without the partition column
   * @param layers L, the length of every list; 0 when lists differ in length, or there are none
   * @throws UserException when it cannot be created
   */
  static ShardFile create(Configuration conf, Path finalFile, StructType schema, int layers) {
    Path temporaryFile =
        new Path(finalFile.getParent(), "." + finalFile.getName() + "." + UUID.randomUUID());
    try {
      OutputFile output = HadoopOutputFile.fromPath(temporaryFile, conf);
      ParquetColumns columns = new ParquetColumns(output, schema, layers, conf);
      return new ShardFile(finalFile.getFileSystem(conf), finalFile, temporaryFile, columns);
    } catch (IOException | ParquetRuntimeException | FSError e) {
      throw WriteFailures.of(finalFile, e);
    }
  }

  /** The key-value pairs in the footer of a finished file. */
  static Map<String, String> footer(Configuration conf, Path file) {
    return Map.copyOf(metadata(conf, file).getFileMetaData().getKeyValueMetaData());
  }

  /**
   * The encodings that a finished file's columns have.
   *
   * @param uri of the file
   */
  static Set<Encoding> encodings(Configuration conf, String uri) {
    return metadata(conf, new Path(URI.create(uri))).getBlocks().stream()
        .flatMap(block -> block.getColumns().stream())
        .flatMap(column -> column.getEncodings().stream())
        .collect(Collectors.toSet());
  }

  private static ParquetMetadata metadata(Configuration conf, Path file) {
    try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, conf))) {
      return reader.getFooter();
    } catch (IOException | RuntimeException e) { // Parquet throws both for a broken file
      throw UserException.of(
          "Cannot read " + file,
          e.getMessage() == null ? e.toString() : e.getMessage(),
          "Delete the file and run the same command again",
          e);
    }
  }

  /** Writes some rows. */
  void write(Rows rows) {
    try {
      rows.writeTo(columns);
    } catch (IOException | ParquetRuntimeException | FSError e) {
      throw WriteFailures.of(finalFile, e);
    }
  }

  /** Finishes the file with these footer entries and gives it its name. */
  void commit(Map<String, String> footer) {
    if (state == State.CLOSED) {
      throw new IllegalStateException(finalFile + " is closed");
    }
    try {
      columns.finish(footer);
      columns.close();
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
      columns.close();
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

  /** Rows to be written, field by field. */
  interface Rows {
    void writeTo(ParquetColumns columns) throws IOException;
  }
}
