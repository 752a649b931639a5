package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.io.Closeable;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructType;

/**
 * Writes the one file of a shard of {@code errors}, in the order given. The file gets its name by
 * {@link #commit}; closed without, it leaves nothing. Not thread-safe.
 */
public final class ErrorsWriter implements Closeable {

  private final ShardFile file;

  private ErrorsWriter(ShardFile file) {
    this.file = file;
  }

  /**
   * Begins a file.
   *
   * @throws UserException when the file cannot be created
   */
  public static ErrorsWriter open(Configuration conf, Path finalFile) {
    StructType schema = TokenRatiosTable.withoutShard(ErrorsTable.schema());
    return new ErrorsWriter(ShardFile.create(conf, finalFile, schema, 0));
  }

  /**
   * Writes a row.
   *
   * @throws UserException when the disk is full or cannot be written
   */
  public void write(DocumentError error) {
    file.write(
        columns -> {
          columns.write(0, error.docId());
          columns.write(1, error.source());
          columns.write(2, error.reason());
          columns.endRows(1);
        });
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
}
