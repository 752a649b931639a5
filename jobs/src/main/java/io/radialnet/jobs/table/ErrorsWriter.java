package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.io.Closeable;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Writes the one file of a shard of {@code errors}, in the order given. The file gets its name by
 * {@link #commit}; closed without, it leaves nothing. Not thread-safe.
 */
public final class ErrorsWriter implements Closeable {

  private final ShardFile<DocumentError> file;

  private ErrorsWriter(ShardFile<DocumentError> file) {
    this.file = file;
  }

  /**
   * Begins a file.
   *
   * @throws UserException when the file cannot be created
   */
  public static ErrorsWriter open(Configuration conf, Path finalFile) {
    return new ErrorsWriter(ShardFile.create(conf, finalFile, new ErrorSupport(), List.of()));
  }

  /**
   * Writes a row.
   *
   * @throws UserException when the disk is full or cannot be written
   */
  public void write(DocumentError error) {
    file.write(error);
  }

  /**
   * Finishes the file and gives it its name, in one step, replacing an earlier one.
   *
   * @param footer key-value pairs for the footer
   * @throws UserException when the disk is full or cannot be written
   */
  public void commit(Map<String, String> footer) {
    file.commit(footer);
  }

  /** Removes what was written, unless it was committed. */
  @Override
  public void close() {
    file.close();
  }

  /** Error rows in Parquet. */
  private static final class ErrorSupport extends ShardWriteSupport<DocumentError> {

    ErrorSupport() {
      super(
          new StructType(
              Stream.of(ErrorsTable.schema().fields())
                  .filter(field -> !field.name().equals(TokenRatiosTable.SHARD))
                  .toArray(StructField[]::new)));
    }

    @Override
    void writeFields(DocumentError error) {
      writeString(0, error.docId());
      writeString(1, error.source());
      writeString(2, error.reason());
    }

    private void writeString(int field, String value) {
      if (value != null) {
        String name = schema().fieldNames()[field];
        consumer().startField(name, field);
        consumer().addBinary(Binary.fromString(value));
        consumer().endField(name, field);
      }
    }
  }
}
