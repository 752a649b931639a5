package io.radialnet.jobs.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.ValuesReader;

/**
 * One column of arrays of L floats, read as the run of floats that it is: pages of plain floats are
 * copied as they are, which is many times faster than assembling rows. That every row has L floats
 * and none is null is checked against the levels of each page. Not thread-safe.
 */
final class MeasureColumn {

  private final ColumnDescriptor column;
  private final int layers;
  private final LevelPattern rows; // of repetitions: 0 where a row begins, 1 within
  private final LevelPattern defined; // of definitions: the value is there

  private PageReader pages;
  private Dictionary dictionary;
  private float[] values = {};
  private int next;
  private int end;
  private long read;

  MeasureColumn(ColumnDescriptor column, int layers) {
    this.column = column;
    this.layers = layers;
    int[] row = new int[layers];
    Arrays.fill(row, 1, layers, 1);
    this.rows = new LevelPattern(1, row);
    int definedLevel = column.getMaxDefinitionLevel();
    this.defined = new LevelPattern(BytesUtils.getWidthFromMaxInt(definedLevel), definedLevel);
  }

  /** Goes on with the next row group. */
  void begin(PageReadStore rowGroup) throws IOException {
    pages = rowGroup.getPageReader(column);
    DictionaryPage page = pages.readDictionaryPage();
    dictionary = page == null ? null : page.getEncoding().initDictionary(column, page);
    next = 0;
    end = 0;
    read = 0;
  }

  /** Copies the next {@code rows} * L floats. */
  void read(int rows, float[] into, int offset) throws IOException {
    int at = offset;
    int left = rows * layers;
    while (left > 0) {
      if (next == end) {
        nextPage();
      }
      int count = Math.min(left, end - next);
      System.arraycopy(values, next, into, at, count);
      next += count;
      at += count;
      left -= count;
    }
  }

  private void nextPage() throws IOException {
    DataPage page = pages.readPage();
    if (page == null) {
      throw new IOException(wrongLength());
    }
    next = 0;
    end = page.getValueCount();
    if (values.length < end) {
      values = new float[end];
    }
    if (page instanceof DataPageV1 v1) {
      ByteBuffer bytes = buffer(v1.getBytes());
      byte[] repetitions = levels(bytes, v1.getRlEncoding());
      byte[] definitions = levels(bytes, v1.getDlEncoding());
      verify(repetitions, definitions);
      decode(v1.getValueEncoding(), bytes);
    } else if (page instanceof DataPageV2 v2) {
      verify(bytes(v2.getRepetitionLevels()), bytes(v2.getDefinitionLevels()));
      decode(v2.getDataEncoding(), buffer(v2.getData()));
    } else {
      throw new IOException("it has a page of an unknown kind");
    }
    read += end;
  }

  /** In pages of the first version levels have their length before them. */
  private static byte[] levels(ByteBuffer bytes, Encoding encoding) throws IOException {
    if (encoding != Encoding.RLE) {
      throw new IOException("its levels are encoded as " + encoding + ", expected RLE");
    }
    byte[] levels = new byte[bytes.getInt()];
    bytes.get(levels);
    return levels;
  }

  private static byte[] bytes(BytesInput input) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(input.size())];
    buffer(input).get(bytes);
    return bytes;
  }

  private static ByteBuffer buffer(BytesInput input) throws IOException {
    int size = Math.toIntExact(input.size());
    return input.toInputStream().slice(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void decode(Encoding encoding, ByteBuffer bytes) throws IOException {
    if (encoding == Encoding.PLAIN) {
      bytes.asFloatBuffer().get(values, 0, end);
      return;
    }
    ValuesReader reader =
        encoding.usesDictionary()
            ? encoding.getDictionaryBasedValuesReader(column, ValuesType.VALUES, dictionary)
            : encoding.getValuesReader(column, ValuesType.VALUES);
    reader.initFromPage(end, ByteBufferInputStream.wrap(bytes));
    for (int i = 0; i < end; i++) {
      values[i] = reader.readFloat();
    }
  }

  /** Checks that rows have L values and none is null. */
  private void verify(byte[] repetitions, byte[] definitions) throws IOException {
    int place = (int) (read % layers);
    if (!rows.isRepeatedBy(repetitions, end, place)) {
      throw new IOException(wrongLength());
    }
    if (!defined.isRepeatedBy(definitions, end, 0)) {
      throw new IOException("column " + column.getPath()[0] + " has a null or an empty array");
    }
  }

  private String wrongLength() {
    return "column " + column.getPath()[0] + " has a row whose length is not " + layers;
  }
}
