package io.radialnet.jobs.table;

import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.spark.sql.types.StructType;

/**
 * Writes rows of one kind in Parquet. The footer carries the Spark schema, so that Spark shows the
 * comments, and whatever is added until the file is closed.
 *
 * @param <R> a row
 */
abstract class ShardWriteSupport<R> extends WriteSupport<R> {

  /** Where Spark looks for the schema that it wrote. */
  private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

  private final StructType schema;
  private final Map<String, String> footer = new HashMap<>();
  private RecordConsumer consumer;

  /** For rows of a schema without its partition column. */
  ShardWriteSupport(StructType schema) {
    this.schema = schema;
  }

  /** Writes the fields of a row, in the order of the schema. */
  abstract void writeFields(R row);

  final StructType schema() {
    return schema;
  }

  final RecordConsumer consumer() {
    return consumer;
  }

  final void addToFooter(Map<String, String> entries) {
    footer.putAll(entries);
  }

  @Override
  @SuppressWarnings("deprecation") // abstract, so there is no way round it
  public final WriteContext init(Configuration configuration) {
    return new WriteContext(ParquetSchemas.message(schema), Map.of(SPARK_SCHEMA, schema.json()));
  }

  @Override
  public final void prepareForWrite(RecordConsumer recordConsumer) {
    this.consumer = recordConsumer;
  }

  @Override
  public final void write(R row) {
    consumer.startMessage();
    writeFields(row);
    consumer.endMessage();
  }

  @Override
  public final FinalizedWriteContext finalizeWrite() {
    return new FinalizedWriteContext(footer);
  }
}
