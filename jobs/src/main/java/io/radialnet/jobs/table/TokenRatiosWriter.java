package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Writes the one file of a shard of {@code token_ratios}. The file gets its name by {@link
 * #commit}; closed without, it leaves nothing. Holds a row group of 64 MB at most. Not thread-safe.
 */
public final class TokenRatiosWriter implements Closeable {

  private final ShardFile<Token> file;
  private final TokenSupport support;
  private final Token token = new Token();
  private byte[] lastDocId = {};
  private int lastWindow = -1;

  private TokenRatiosWriter(ShardFile<Token> file, TokenSupport support) {
    this.file = file;
    this.support = support;
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
    StructField[] fields =
        Stream.of(schema.fields())
            .filter(field -> !field.name().equals(TokenRatiosTable.SHARD))
            .toArray(StructField[]::new);
    TokenSupport support = new TokenSupport(new StructType(fields), layers);
    List<String> plainColumns =
        Stream.of(fields)
            .map(f -> TokenRatiosTable.isMeasure(f) ? f.name() + ".list.element" : f.name())
            .filter(name -> name.contains(".") || name.equals(TokenRatiosTable.SURPRISAL))
            .toList();
    return new TokenRatiosWriter(ShardFile.create(conf, finalFile, support, plainColumns), support);
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
    support.requireShape(window);
    token.begin(window, lastDocId);
    for (int position = 0; position < window.tokenIds().length; position++) {
      token.position = position;
      file.write(token);
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

  /** The row being written: a token of a window. */
  private static final class Token {
    private ProfiledWindow window;
    private Binary docId;
    private int position;

    void begin(ProfiledWindow newWindow, byte[] newDocId) {
      window = newWindow;
      docId = Binary.fromConstantByteArray(newDocId);
    }
  }

  /** Token rows in Parquet. */
  private static final class TokenSupport extends ShardWriteSupport<Token> {
    private static final String LIST = "list";
    private static final String ELEMENT = "element";

    private final int layers;
    private final String[] names;
    private final int keptColumns;
    private final int measureColumns;
    private final boolean hasSurprisal;

    TokenSupport(StructType schema, int layers) {
      super(schema);
      this.layers = layers;
      this.names = schema.fieldNames();
      this.hasSurprisal = names[names.length - 1].equals(TokenRatiosTable.SURPRISAL);
      this.measureColumns =
          (int) Stream.of(schema.fields()).filter(TokenRatiosTable::isMeasure).count();
      int others = TokenRatiosTable.leading().size() + (hasSurprisal ? 1 : 0);
      this.keptColumns = names.length - others - measureColumns;
    }

    void requireShape(ProfiledWindow window) {
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

    @Override
    void writeFields(Token token) {
      int field = writeLeading(token);
      for (Object value : token.window.kept()) {
        if (value != null) {
          consumer().startField(names[field], field);
          ParquetSchemas.write(consumer(), value);
          consumer().endField(names[field], field);
        }
        field++;
      }
      for (float[] measure : token.window.measures()) {
        writeLayers(field, measure, token.position * layers);
        field++;
      }
      if (hasSurprisal && !Float.isNaN(token.window.surprisal()[token.position])) {
        consumer().startField(names[field], field);
        consumer().addFloat(token.window.surprisal()[token.position]);
        consumer().endField(names[field], field);
      }
    }

    /** Writes the columns that every table has; returns the index of the first after them. */
    private int writeLeading(Token token) {
      ProfiledWindow window = token.window;
      int at = token.position;
      int field = 0;
      writeBinary(field++, token.docId);
      writeInt(field++, window.window());
      writeInt(field++, at);
      if (window.docPositions()[at] >= 0) {
        writeInt(field, window.docPositions()[at]);
      }
      field++;
      writeInt(field++, window.tokenIds()[at]);
      writeBinary(field++, Binary.fromString(window.tokens()[at]));
      consumer().startField(names[field], field);
      consumer().addBoolean(window.special()[at]);
      consumer().endField(names[field], field);
      return field + 1;
    }

    private void writeLayers(int field, float[] values, int from) {
      RecordConsumer consumer = consumer();
      consumer.startField(names[field], field);
      consumer.startGroup();
      consumer.startField(LIST, 0);
      for (int i = from; i < from + layers; i++) {
        consumer.startGroup();
        consumer.startField(ELEMENT, 0);
        consumer.addFloat(values[i]);
        consumer.endField(ELEMENT, 0);
        consumer.endGroup();
      }
      consumer.endField(LIST, 0);
      consumer.endGroup();
      consumer.endField(names[field], field);
    }

    private void writeInt(int field, int value) {
      consumer().startField(names[field], field);
      consumer().addInteger(value);
      consumer().endField(names[field], field);
    }

    private void writeBinary(int field, Binary value) {
      consumer().startField(names[field], field);
      consumer().addBinary(value);
      consumer().endField(names[field], field);
    }

    private static void requireLength(String what, int expected, int actual) {
      if (expected != actual) {
        throw new IllegalStateException(
            what + " has length " + actual + ", the window and schema imply " + expected);
      }
    }
  }
}
