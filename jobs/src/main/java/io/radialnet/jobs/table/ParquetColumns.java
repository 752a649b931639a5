package io.radialnet.jobs.table;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a Parquet file in the making. Rows are held in memory, compressed page by page,
 * until a row group is full. Parquet's own row writer is told of every number by eight calls; here
 * the numbers of many rows are handed over at once. Not thread-safe.
 *
 * <p>Fields are numbered as in the schema. Those of one value a row are written by {@code write},
 * those of one value a layer by {@link #writeLayers}, lists of other lengths by {@link #writeList};
 * some may be ahead of others until {@link #endRows}. The footer carries the Spark schema, so that
 * Spark shows the comments.
 */
final class ParquetColumns implements Closeable {

  /** What is held in memory before it goes to disk, in bytes after compression. */
  private static final long ROW_GROUP_BYTES = 64L << 20;

  /** Where Spark looks for the schema that it wrote. */
  private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

  private final StructType schema;
  private final MessageType message;
  private final ParquetProperties properties;
  private final CompressionCodecFactory codecs;
  private final ParquetFileWriter file;
  private final ColumnWriter[] writers; // by field; null for layers
  private final LayerColumn[] layerColumns; // by field; null for all others
  private ColumnChunkPageWriteStore pages;
  private ColumnWriteStore others;
  private long rows;

  /**
   * Begins a file.
   *
   * @param layers L, the length of every list; 0 when lists differ in length, or there are none
   */
  ParquetColumns(OutputFile output, StructType schema, int layers, Configuration conf)
      throws IOException {
    FloatEncoding encoding = FloatEncoding.of(conf);
    this.schema = schema;
    this.message = ParquetSchemas.message(schema);
    this.properties = properties(encoding);
    this.writers = new ColumnWriter[schema.size()];
    this.layerColumns = layerColumns(layers, encoding);
    this.codecs = new CodecFactory(conf, properties.getPageSizeThreshold());
    this.file =
        new ParquetFileWriter(
            output,
            message,
            ParquetFileWriter.Mode.CREATE,
            ROW_GROUP_BYTES,
            ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
            null, // not encrypted
            properties);
    file.start();
    beginRowGroup();
  }

  private static ParquetProperties properties(FloatEncoding encoding) {
    return ParquetProperties.builder()
        .withWriterVersion(WriterVersion.PARQUET_1_0)
        .withDictionaryEncoding(TokenRatiosTable.SURPRISAL, false) // its values hardly repeat
        .withByteStreamSplitEncoding(
            TokenRatiosTable.SURPRISAL, encoding == FloatEncoding.BYTE_STREAM_SPLIT)
        .build();
  }

  private LayerColumn[] layerColumns(int layers, FloatEncoding encoding) {
    LayerColumn[] columns = new LayerColumn[schema.size()];
    LayerColumn.Levels levels = null;
    for (ColumnDescriptor column : message.getColumns()) {
      if (layers > 0 && column.getMaxRepetitionLevel() > 0) {
        if (levels == null) {
          levels = new LayerColumn.Levels(properties, column, layers);
        }
        columns[message.getFieldIndex(column.getPath()[0])] =
            new LayerColumn(column, layers, encoding, levels, properties);
      }
    }
    return columns;
  }

  private void beginRowGroup() {
    pages =
        new ColumnChunkPageWriteStore(
            codecs.getCompressor(CompressionCodecName.ZSTD),
            message,
            properties.getAllocator(),
            properties.getColumnIndexTruncateLength(),
            properties.getPageWriteChecksumEnabled());
    MessageType otherMessage = new MessageType(message.getName(), otherFields());
    others = properties.newColumnWriteStore(otherMessage, pages);
    for (ColumnDescriptor column : otherMessage.getColumns()) {
      writers[message.getFieldIndex(column.getPath()[0])] = others.getColumnWriter(column);
    }
    layerColumnsInUse().forEach(column -> column.begin(pages.getPageWriter(column.descriptor())));
    rows = 0;
  }

  private List<Type> otherFields() {
    return IntStream.range(0, layerColumns.length)
        .filter(field -> layerColumns[field] == null)
        .mapToObj(message::getType)
        .toList();
  }

  void write(int field, int value) {
    writers[field].write(value, 0, level(field));
  }

  void write(int field, float value) {
    writers[field].write(value, 0, level(field));
  }

  void write(int field, boolean value) {
    writers[field].write(value, 0, level(field));
  }

  void write(int field, Binary value) {
    writers[field].write(value, 0, level(field));
  }

  /** Writes a value of a kept column; null is possible. */
  void write(int field, Object value) {
    if (value == null) {
      writeNull(field);
    } else {
      ParquetSchemas.write(writers[field], value, level(field));
    }
  }

  void writeNull(int field) {
    writers[field].writeNull(0, 0);
  }

  /** The definition level of a value that is there. */
  private int level(int field) {
    return message.getType(field).isRepetition(Repetition.OPTIONAL) ? 1 : 0;
  }

  /**
   * Writes many rows of a field of one value a layer.
   *
   * @param values (rows, L), finite, row by row
   */
  void writeLayers(int field, float[] values) throws IOException {
    layerColumns[field].write(values);
  }

  /**
   * Writes a row's list.
   *
   * @param values of any number, finite
   */
  void writeList(int field, float[] values) {
    int list = level(field);
    if (values.length == 0) {
      writers[field].writeNull(0, list);
    }
    for (int i = 0; i < values.length; i++) {
      writers[field].write(values[i], i == 0 ? 0 : 1, list + 1);
    }
  }

  /** Tells that every field of so many more rows is written. */
  void endRows(int count) throws IOException {
    for (int row = 0; row < count; row++) {
      others.endRecord();
    }
    rows += count;
    long layerBytes = layerColumnsInUse().mapToLong(LayerColumn::bufferedBytes).sum();
    if (others.getBufferedSize() + layerBytes >= ROW_GROUP_BYTES) {
      endRowGroup();
      beginRowGroup();
    }
  }

  private void endRowGroup() throws IOException {
    for (LayerColumn column : layerColumnsInUse().toList()) {
      column.flush();
    }
    others.flush();
    file.startBlock(rows);
    pages.flushToFileWriter(file);
    file.endBlock();
    others.close();
    pages.close();
  }

  private Stream<LayerColumn> layerColumnsInUse() {
    return Stream.of(layerColumns).filter(Objects::nonNull);
  }

  /** Finishes the file with these footer entries. */
  void finish(Map<String, String> footer) throws IOException {
    if (rows > 0) {
      endRowGroup();
    }
    Map<String, String> all = new HashMap<>(footer);
    all.put(SPARK_SCHEMA, schema.json());
    file.end(all);
  }

  /** Frees memory and the file, which is of no use unless finished. */
  @Override
  public void close() throws IOException {
    try (file) {
      others.close();
      pages.close();
      codecs.release();
    }
  }
}
