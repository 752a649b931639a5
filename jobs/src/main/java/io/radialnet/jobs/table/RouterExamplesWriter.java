package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.io.Closeable;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Writes the one file of a shard of {@code router_examples}, in the order given. The file gets its
 * name by {@link #commit}; closed without, it leaves nothing. Not thread-safe.
 */
public final class RouterExamplesWriter implements Closeable {

  /** Columns of numbers that hardly repeat. */
  private static final List<String> PLAIN =
      List.of(
          RouterExamplesTable.PROJECTION + ".list.element",
          RouterExamplesTable.LOG_NORM,
          RouterExamplesTable.PREVIOUS_RATIOS + ".list.element",
          RouterExamplesTable.RATIO);

  private final ShardFile<RouterExample> file;

  private RouterExamplesWriter(ShardFile<RouterExample> file) {
    this.file = file;
  }

  /**
   * Begins a file.
   *
   * @throws UserException when the file cannot be created
   */
  public static RouterExamplesWriter open(Configuration conf, Path finalFile) {
    return new RouterExamplesWriter(ShardFile.create(conf, finalFile, new ExampleSupport(), PLAIN));
  }

  /**
   * Writes a row.
   *
   * @throws UserException when the disk is full or cannot be written
   */
  public void write(RouterExample example) {
    file.write(example);
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

  /** Example rows in Parquet. */
  private static final class ExampleSupport extends ShardWriteSupport<RouterExample> {
    private static final String LIST = "list";
    private static final String ELEMENT = "element";

    private final String[] names = schema().fieldNames();

    ExampleSupport() {
      super(
          new StructType(
              Stream.of(RouterExamplesTable.schema().fields())
                  .filter(field -> !field.name().equals(TokenRatiosTable.SHARD))
                  .toArray(StructField[]::new)));
    }

    @Override
    void writeFields(RouterExample example) {
      int field = 0;
      writeValue(field++, example.docId());
      if (example.domain() != null) {
        writeValue(field, example.domain());
      }
      field++;
      writeValue(field++, example.window());
      writeValue(field++, example.position());
      writeValue(field++, example.tokenId());
      writeValue(field++, example.layer());
      writeValue(field++, example.block());
      writeList(field++, example.projection());
      writeValue(field++, example.logNorm());
      writeList(field++, example.previousRatios());
      writeValue(field++, example.logFrequency());
      writeValue(field++, example.ratio());
      writeValue(field++, example.label());
      writeValue(field++, example.weight());
      writeValue(field++, example.split());
      writeValue(field, example.fold());
    }

    private void writeValue(int field, Object value) {
      consumer().startField(names[field], field);
      ParquetSchemas.write(consumer(), value);
      consumer().endField(names[field], field);
    }

    private void writeList(int field, float[] values) {
      RecordConsumer consumer = consumer();
      consumer.startField(names[field], field);
      consumer.startGroup();
      if (values.length > 0) { // a field without values may not even be begun
        consumer.startField(LIST, 0);
        for (float value : values) {
          consumer.startGroup();
          consumer.startField(ELEMENT, 0);
          consumer.addFloat(value);
          consumer.endField(ELEMENT, 0);
          consumer.endGroup();
        }
        consumer.endField(LIST, 0);
      }
      consumer.endGroup();
      consumer.endField(names[field], field);
    }
  }
}
