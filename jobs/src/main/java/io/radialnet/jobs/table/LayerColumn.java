package io.radialnet.jobs.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;

/**
 * A column of one list of L floats a row, written many rows at a time: as every list is of the same
 * length, the levels that say where lists begin are the same in all pages, and the numbers are
 * copied as they are. Not thread-safe.
 */
final class LayerColumn {

  private final ColumnDescriptor column;
  private final int layers;
  private final FloatEncoding encoding;
  private final Levels levels;
  private final int pageRows;
  private final float[] page; // (pageRows, L)
  private PageWriter pages;
  private int rows;

  /**
   * @param layers L, at least 1
   * @param levels of lists of that length; columns share them
   */
  LayerColumn(
      ColumnDescriptor column,
      int layers,
      FloatEncoding encoding,
      Levels levels,
      ParquetProperties properties) {
    this.column = column;
    this.layers = layers;
    this.encoding = encoding;
    this.levels = levels;
    int rowsOfFullPage = properties.getPageSizeThreshold() / (layers * Float.BYTES);
    this.pageRows = Math.max(1, Math.min(properties.getPageRowCountLimit(), rowsOfFullPage));
    this.page = new float[pageRows * layers];
  }

  ColumnDescriptor descriptor() {
    return column;
  }

  /** Begins a row group, after {@link #flush}. */
  void begin(PageWriter newPages) {
    pages = newPages;
  }

  /**
   * Writes rows.
   *
   * @param values (rows, L), finite, row by row
   */
  void write(float[] values) throws IOException {
    int count = values.length / layers;
    int from = 0;
    while (from < count) {
      int fitting = Math.min(count - from, pageRows - rows);
      System.arraycopy(values, from * layers, page, rows * layers, fitting * layers);
      rows += fitting;
      from += fitting;
      if (rows == pageRows) {
        flush();
      }
    }
  }

  /** Hands on what is left of a page. */
  void flush() throws IOException {
    if (rows == 0) {
      return;
    }
    int count = rows * layers;
    PrimitiveType type = column.getPrimitiveType();
    pages.writePage(
        BytesInput.concat(levels.of(rows), encoding.encode(page, count)),
        count,
        rows,
        statistics(count),
        new SizeStatistics(
            type, 0, List.of((long) rows, (long) count - rows), List.of(0L, (long) count)),
        Encoding.RLE,
        Encoding.RLE,
        encoding.parquet());
    rows = 0;
  }

  /** What it holds in memory, compressed or not yet. */
  long bufferedBytes() {
    return pages.getMemSize() + (long) rows * layers * Float.BYTES;
  }

  private Statistics<?> statistics(int count) {
    float least = page[0];
    float largest = page[0];
    for (int i = 1; i < count; i++) {
      least = Math.min(least, page[i]);
      largest = Math.max(largest, page[i]);
    }
    Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
    statistics.updateStats(least);
    statistics.updateStats(largest);
    return statistics;
  }

  /**
   * The repetition and definition levels of rows of lists of L numbers: 0 where a list begins and 1
   * within, and that every number is there.
   */
  static final class Levels {
    private final ParquetProperties properties;
    private final ColumnDescriptor anyColumn;
    private final int layers;
    private int rows;
    private byte[] bytes = {};

    /**
     * @param anyColumn one of the columns: they have the same schema
     */
    Levels(ParquetProperties properties, ColumnDescriptor anyColumn, int layers) {
      this.properties = properties;
      this.anyColumn = anyColumn;
      this.layers = layers;
    }

    /** Of so many rows; the last answer is kept, as the next column asks the same. */
    BytesInput of(int wantedRows) throws IOException {
      if (rows != wantedRows) {
        bytes = encoded(wantedRows);
        rows = wantedRows;
      }
      return BytesInput.from(bytes);
    }

    private byte[] encoded(int wantedRows) throws IOException {
      try (var repetition = properties.newRepetitionLevelWriter(anyColumn);
          var definition = properties.newDefinitionLevelWriter(anyColumn)) {
        for (int i = 0; i < wantedRows * layers; i++) {
          repetition.writeInteger(i % layers == 0 ? 0 : 1);
          definition.writeInteger(1);
        }
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        repetition.getBytes().writeAllTo(both);
        definition.getBytes().writeAllTo(both);
        return both.toByteArray();
      }
    }
  }
}
