package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Reads one file of {@code token_ratios} window by window, column by column: for passes over all of
 * a profile, where assembling Spark's rows would cost more than the work itself. The file's order
 * (document, window, position) is checked on the way. Holds a row group and a window. Not
 * thread-safe.
 */
public final class TokenRatiosReader implements Closeable {

  private final Path file;
  private final ParquetFileReader reader;
  private final MessageType schema;
  private final List<String> kept;
  private final List<MeasureColumn> measures = new ArrayList<>();
  private final TokenWindow window;

  private long rowsLeft;
  private ColumnReader docIds;
  private ColumnReader windows;
  private ColumnReader positions;
  private ColumnReader tokenIds;
  private ColumnReader specials;
  private final List<ColumnReader> keptValues = new ArrayList<>();
  private Binary docId = Binary.EMPTY;

  private TokenRatiosReader(
      Path file,
      ParquetFileReader reader,
      MessageType schema,
      List<String> kept,
      List<String> measures,
      int layers) {
    this.file = file;
    this.reader = reader;
    this.schema = schema;
    this.kept = List.copyOf(kept);
    for (String measure : measures) {
      String[] path = {measure, "list", "element"};
      this.measures.add(new MeasureColumn(schema.getColumnDescription(path), layers));
    }
    this.window = new TokenWindow(layers, kept.size(), measures.size());
  }

  /**
   * Opens a file.
   *
   * @param kept the kept columns to read
   * @param measures the measure columns to read
   * @param layers L
   * @throws UserException when it is broken or lacks a column
   */
  public static TokenRatiosReader open(
      Configuration conf, Path file, List<String> kept, List<String> measures, int layers) {
    ParquetFileReader reader = null;
    try {
      reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, conf));
      MessageType schema =
          projection(reader.getFooter().getFileMetaData().getSchema(), kept, measures);
      reader.setRequestedSchema(schema);
      return new TokenRatiosReader(file, reader, schema, kept, measures, layers);
    } catch (IOException | RuntimeException e) { // Parquet throws both for a broken file
      closeQuietly(reader, e);
      throw unreadable(file, e);
    }
  }

  private static MessageType projection(
      MessageType schema, List<String> kept, List<String> measures) throws IOException {
    List<String> names =
        new ArrayList<>(
            List.of(
                TokenRatiosTable.DOC_ID,
                TokenRatiosTable.WINDOW,
                TokenRatiosTable.POSITION,
                TokenRatiosTable.TOKEN_ID,
                TokenRatiosTable.IS_SPECIAL));
    names.addAll(kept);
    names.addAll(measures);
    List<Type> fields = new ArrayList<>();
    for (String name : names) {
      if (!schema.containsField(name)) {
        throw new IOException("it has no column " + name);
      }
      fields.add(schema.getType(name));
    }
    return new MessageType(schema.getName(), fields);
  }

  /**
   * Reads the next window into the one object that {@link #window} returns.
   *
   * @return false at the end of the file
   * @throws UserException when the file is broken or not in order
   */
  public boolean next() {
    try {
      if (!hasRow()) {
        return false;
      }
      beginWindow();
      do {
        readPartInRowGroup();
      } while (rowsLeft == 0 && hasRow() && continues());
      return true;
    } catch (IOException | ParquetRuntimeException e) {
      throw unreadable(file, e);
    }
  }

  /** The window read last; the next one replaces its content. */
  public TokenWindow window() {
    return window;
  }

  private boolean hasRow() throws IOException {
    while (rowsLeft == 0) {
      PageReadStore rowGroup = reader.readNextRowGroup();
      if (rowGroup == null) {
        return false;
      }
      rowsLeft = rowGroup.getRowCount();
      for (MeasureColumn measure : measures) {
        measure.begin(rowGroup);
      }
      ColumnReadStoreImpl columns =
          new ColumnReadStoreImpl(
              rowGroup,
              new NoRecords(),
              schema,
              reader.getFooter().getFileMetaData().getCreatedBy());
      docIds = column(columns, TokenRatiosTable.DOC_ID);
      windows = column(columns, TokenRatiosTable.WINDOW);
      positions = column(columns, TokenRatiosTable.POSITION);
      tokenIds = column(columns, TokenRatiosTable.TOKEN_ID);
      specials = column(columns, TokenRatiosTable.IS_SPECIAL);
      keptValues.clear();
      for (String name : kept) {
        keptValues.add(column(columns, name));
      }
    }
    return true;
  }

  private ColumnReader column(ColumnReadStoreImpl columns, String name) {
    return columns.getColumnReader(schema.getColumnDescription(new String[] {name}));
  }

  private void beginWindow() throws IOException {
    Binary newDocId = docIds.getBinary();
    int newWindow = windows.getInteger();
    int order = compare(docId, newDocId);
    if (order > 0 || (order == 0 && newWindow <= window.window())) {
      throw new IOException(
          "window "
              + newWindow
              + " of "
              + newDocId.toStringUsingUTF8()
              + " comes after window "
              + window.window()
              + " of "
              + docId.toStringUsingUTF8());
    }
    docId = newDocId.copy();
    window.begin(order == 0 ? window.docId() : docId.toStringUsingUTF8(), newWindow);
    for (int column = 0; column < kept.size(); column++) {
      window.kept(column, text(keptValues.get(column), schema.getType(kept.get(column))));
    }
  }

  private static int compare(Binary a, Binary b) {
    return a.equals(b) ? 0 : Arrays.compareUnsigned(a.getBytes(), b.getBytes());
  }

  private boolean continues() {
    return windows.getInteger() == window.window() && docIds.getBinary().equals(docId);
  }

  /** Reads the window's rows up to its end or the end of the row group. */
  private void readPartInRowGroup() throws IOException {
    int from = window.tokens();
    Binary sameDocId = docIds.getBinary(); // the same object as long as a dictionary is used
    do {
      readRow();
      rowsLeft--;
    } while (rowsLeft > 0
        && windows.getInteger() == window.window()
        && isSame(docIds.getBinary(), sameDocId));
    int rows = window.tokens() - from;
    for (int column = 0; column < measures.size(); column++) {
      float[] values = window.roomy(column);
      measures.get(column).read(rows, values, from * window.layers());
    }
  }

  @SuppressWarnings("ReferenceEquality") // identity is the quick way to equality
  private static boolean isSame(Binary a, Binary b) {
    return a == b || a.equals(b);
  }

  private void readRow() throws IOException {
    int position = positions.getInteger();
    int tokens = window.tokens();
    if (tokens > 0 && position <= window.positions()[tokens - 1]) {
      throw new IOException(
          "position "
              + position
              + " comes after position "
              + window.positions()[tokens - 1]
              + " in window "
              + window.window()
              + " of "
              + window.docId());
    }
    window.add(
        position, isDefined(tokenIds) ? tokenIds.getInteger() : TokenWindow.NO_TOKEN, isSpecial());
    docIds.consume();
    windows.consume();
    positions.consume();
    tokenIds.consume();
    specials.consume();
    for (ColumnReader values : keptValues) {
      if (isDefined(values)) {
        values.skip(); // unless it was read: a window's first value is
      }
      values.consume();
    }
  }

  private boolean isSpecial() {
    return isDefined(specials) && specials.getBoolean();
  }

  private static boolean isDefined(ColumnReader values) {
    return values.getCurrentDefinitionLevel() == values.getDescriptor().getMaxDefinitionLevel();
  }

  /** A kept value as text; null where there is none. */
  private static String text(ColumnReader values, Type type) throws IOException {
    if (!isDefined(values)) {
      return null;
    }
    PrimitiveType primitive = type.asPrimitiveType();
    return switch (primitive.getPrimitiveTypeName()) {
      case BINARY -> values.getBinary().toStringUsingUTF8();
      case BOOLEAN -> Boolean.toString(values.getBoolean());
      case INT32 ->
          primitive.getLogicalTypeAnnotation() instanceof DateLogicalTypeAnnotation
              ? LocalDate.ofEpochDay(values.getInteger()).toString()
              : Integer.toString(values.getInteger());
      case INT64 ->
          primitive.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation
              ? Instant.EPOCH.plus(values.getLong(), ChronoUnit.MICROS).toString()
              : Long.toString(values.getLong());
      case FLOAT -> Float.toString(values.getFloat());
      case DOUBLE -> Double.toString(values.getDouble());
      default -> throw new IOException("column " + type.getName() + " is of an unexpected type");
    };
  }

  private static UserException unreadable(Path file, Exception e) {
    return UserException.of(
        "Cannot read " + file,
        e.getMessage() == null ? e.toString() : e.getMessage().replaceAll("\\.$", ""),
        "Run profile again with --overwrite",
        e);
  }

  private static void closeQuietly(ParquetFileReader reader, Exception reason) {
    if (reader != null) {
      try {
        reader.close();
      } catch (IOException e) {
        reason.addSuppressed(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** Parquet wants to know where records go; here none is assembled. */
  private static final class NoRecords extends GroupConverter {
    @Override
    public Converter getConverter(int field) {
      return new Nowhere();
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  private static final class Nowhere extends PrimitiveConverter {}
}
