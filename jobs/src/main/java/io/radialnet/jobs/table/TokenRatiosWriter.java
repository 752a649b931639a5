package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Writes the one file of a shard of {@code token_ratios}. The file gets its name by {@link
 * #commit}; closed without, it leaves nothing. Holds a row group of 64 MiB at most. Not
 * thread-safe.
 */
public final class TokenRatiosWriter implements Closeable {

  private final ShardFile file;
  private final int layers; // L
  private final int keptColumns;
  private final int measureColumns;
  private final boolean hasSurprisal;
  private byte[] lastDocId = {};
  private int lastWindow = -1;

  private TokenRatiosWriter(ShardFile file, StructType schema, int layers) {
    List<StructField> fields = List.of(schema.fields());
    this.file = file;
    this.layers = layers;
    this.measureColumns = (int) fields.stream().filter(TokenRatiosTable::isMeasure).count();
    this.hasSurprisal = fields.get(fields.size() - 1).name().equals(TokenRatiosTable.SURPRISAL);
    int others = TokenRatiosTable.leading().size() + (hasSurprisal ? 1 : 0);
    this.keptColumns = fields.size() - others - measureColumns;
  }

  /**
   * Begins a file.
   *
   * @param schema of {@link TokenRatiosTable}, whose partition column is left out
   * @param layers L, the length of every measure
   * @throws UserException when the file cannot be created
   */
  public static TokenRatiosWriter open(
      Configuration conf, Path finalFile, StructType schema, int layers) {
    StructType written = TokenRatiosTable.withoutShard(schema);
    ShardFile file = ShardFile.create(conf, finalFile, written, layers);
    return new TokenRatiosWriter(file, written, layers);
  }

  /** The key-value pairs that {@link #commit} and Spark put into a file's footer. */
  public static Map<String, String> footer(Configuration conf, Path file) {
    return ShardFile.footer(conf, file);
  }

  /**
   * Writes the T rows of a window.
   *
   * @throws IllegalStateException when the window does not come after the one before in the order
   *     of doc_id as UTF-8 bytes, then window; or its arrays are not of the schema's shape
   * @throws UserException when the disk is full or cannot be written
   */
  public void write(ProfiledWindow window) {
    requireOrder(window);
    requireShape(window);
    file.write(columns -> writeRows(window, columns));
  }

  private void writeRows(ProfiledWindow window, ParquetColumns columns) throws IOException {
    int field = writeLeading(window, columns);
    field = writeKept(window, columns, field);
    for (float[] measure : window.measures()) {
      columns.writeLayers(field++, measure);
    }
    if (hasSurprisal) {
      writeSurprisal(window, columns, field);
    }
    columns.endRows(window.tokenIds().length);
  }

  /** Writes the columns that every table has; returns the number of the field after them. */
  private int writeLeading(ProfiledWindow window, ParquetColumns columns) {
    Binary docId = Binary.fromConstantByteArray(lastDocId);
    for (int position = 0; position < window.tokenIds().length; position++) {
      int docPosition = window.docPositions()[position];
      columns.write(0, docId);
      columns.write(1, window.window());
      columns.write(2, position);
      if (docPosition < 0) {
        columns.writeNull(3);
      } else {
        columns.write(3, docPosition);
      }
      columns.write(4, window.tokenIds()[position]);
      columns.write(5, Binary.fromString(window.tokens()[position]));
      columns.write(6, window.special()[position]);
    }
    return TokenRatiosTable.leading().size();
  }

  private static int writeKept(ProfiledWindow window, ParquetColumns columns, int first) {
    int field = first;
    for (Object value : window.kept()) {
      for (int position = 0; position < window.tokenIds().length; position++) {
        columns.write(field, value);
      }
      field++;
    }
    return field;
  }

  private static void writeSurprisal(ProfiledWindow window, ParquetColumns columns, int field) {
    for (float surprisal : window.surprisal()) {
      if (Float.isNaN(surprisal)) {
        columns.writeNull(field);
      } else {
        columns.write(field, surprisal);
      }
    }
  }

  /**
   * Finishes the file and gives it its name, in one step, replacing an earlier one.
   *
   * @param footer key-value pairs for the footer, read back by {@link #footer}
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

  private void requireOrder(ProfiledWindow window) {
    byte[] docId = window.docId().getBytes(StandardCharsets.UTF_8);
    int order = Arrays.compareUnsigned(lastDocId, docId);
    if (order > 0 || (order == 0 && lastWindow >= window.window())) {
      throw new IllegalStateException(
          "window "
              + window.window()
              + " of "
              + window.docId()
              + " comes after window "
              + lastWindow
              + " of "
              + new String(lastDocId, StandardCharsets.UTF_8));
    }
    lastDocId = docId;
    lastWindow = window.window();
  }

  private void requireShape(ProfiledWindow window) {
    int tokens = window.tokenIds().length; // T
    requireLength("tokens", tokens, window.tokens().length);
    requireLength("special", tokens, window.special().length);
    requireLength("docPositions", tokens, window.docPositions().length);
    requireLength("kept", keptColumns, window.kept().length);
    requireLength("measures", measureColumns, window.measures().length);
    for (float[] measure : window.measures()) {
      requireLength("a measure", tokens * layers, measure.length);
    }
    if (hasSurprisal) {
      requireLength("surprisal", tokens, window.surprisal().length);
    }
  }

  private static void requireLength(String what, int expected, int actual) {
    if (expected != actual) {
      throw new IllegalStateException(
          what + " has length " + actual + ", the window and schema imply " + expected);
    }
  }
}
