package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.io.Closeable;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructType;

/**
 * Writes the one file of a shard of {@code router_examples}, in the order given. The file gets its
 * name by {@link #commit}; closed without, it leaves nothing. Not thread-safe.
 */
public final class RouterExamplesWriter implements Closeable {

  private final ShardFile file;

  private RouterExamplesWriter(ShardFile file) {
    this.file = file;
  }

  /**
   * Begins a file.
   *
   * @throws UserException when the file cannot be created
   */
  public static RouterExamplesWriter open(Configuration conf, Path finalFile) {
    StructType schema = TokenRatiosTable.withoutShard(RouterExamplesTable.schema());
    return new RouterExamplesWriter(ShardFile.create(conf, finalFile, schema, 0));
  }

  /**
   * Writes a row.
   *
   * @throws UserException when the disk is full or cannot be written
   */
  public void write(RouterExample example) {
    file.write(
        columns -> {
          int field = 0;
          columns.write(field++, (Object) example.docId());
          columns.write(field++, (Object) example.domain());
          columns.write(field++, example.window());
          columns.write(field++, example.position());
          columns.write(field++, example.tokenId());
          columns.write(field++, example.layer());
          columns.write(field++, (Object) example.block());
          columns.writeList(field++, example.projection());
          columns.write(field++, example.logNorm());
          columns.writeList(field++, example.previousRatios());
          columns.write(field++, example.logFrequency());
          columns.write(field++, example.ratio());
          columns.write(field++, example.label());
          columns.write(field++, (Object) example.weight());
          columns.write(field++, (Object) example.split());
          columns.write(field, example.fold());
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
