package io.radialnet.jobs.corpus;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import com.univocity.parsers.csv.UnescapedQuoteHandling;
import io.radialnet.error.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * CSV with a header in every file, quoted as in RFC 4180, fields of several lines included. Read
 * with the parser that Spark brings, but directly: Spark's reader tells no line numbers and assigns
 * columns by place where the headers of two files differ. An empty field is an empty text, no id,
 * and no kept value.
 */
record CsvRecords(CorpusColumns columns) implements RecordFormat {

  private static final int MAX_COLUMNS = 20_000;

  @Override
  public boolean isSplittable() {
    return false; // a quoted field may hold line ends
  }

  @Override
  public Records open(Configuration conf, FileSplit split) throws IOException {
    return new CsvFile(conf, split, columns);
  }

  /** The column names of a file; empty when it has none. */
  static List<String> header(Configuration conf, FileSplit split) throws IOException {
    CsvParser parser = begin(conf, split);
    try {
      return Arrays.asList(headerOf(parser));
    } finally {
      parser.stopParsing();
    }
  }

  private static CsvParser begin(Configuration conf, FileSplit split) throws IOException {
    CsvParserSettings settings = new CsvParserSettings();
    boolean isTabSeparated = CorpusFormat.extension(split.path()).equals("tsv");
    settings.getFormat().setDelimiter(isTabSeparated ? '\t' : ',');
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setNormalizeLineEndingsWithinQuotes(false);
    settings.setUnescapedQuoteHandling(UnescapedQuoteHandling.STOP_AT_DELIMITER);
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    settings.setReadInputOnSeparateThread(false);
    settings.setMaxCharsPerColumn(-1);
    settings.setMaxColumns(MAX_COLUMNS);
    settings.setNullValue("");
    settings.setEmptyValue("");
    settings.getFormat().setComment('\0'); // '#' begins no comment
    settings.setCommentProcessingEnabled(false);
    CsvParser parser = new CsvParser(settings);
    InputStream content = Streams.open(conf, split.path(), 0);
    try {
      parser.beginParsing(content, StandardCharsets.UTF_8);
    } catch (TextParsingException | IllegalStateException e) {
      content.close();
      throw readFailure(e);
    }
    return parser;
  }

  /** The parser wraps what the file system says in exceptions of its own. */
  private static String[] nextRecord(CsvParser parser) throws IOException {
    try {
      return parser.parseNext();
    } catch (TextParsingException | IllegalStateException e) {
      throw readFailure(e);
    }
  }

  private static IOException readFailure(RuntimeException e) {
    Throwable innermost = e;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return new IOException(innermost.getMessage(), e);
  }

  private static String[] headerOf(CsvParser parser) throws IOException {
    String[] header = nextRecord(parser);
    return header == null ? new String[0] : header;
  }

  /** One file being read. */
  private static final class CsvFile implements Records {
    private final CsvParser parser;
    private final FileSplit split;
    private final CorpusColumns columns;
    private final int width;
    private int textIndex;
    private int idIndex;
    private int[] keptIndices;
    private long row = -1;

    CsvFile(Configuration conf, FileSplit split, CorpusColumns columns) throws IOException {
      this.split = split;
      this.columns = columns;
      this.parser = begin(conf, split);
      try {
        List<String> header = Arrays.asList(headerOf(parser));
        this.width = header.size();
        if (width > 0) {
          findColumns(header);
        }
      } catch (IOException | RuntimeException e) {
        parser.stopParsing();
        throw e;
      }
    }

    @Override
    public RawDocument next() throws IOException {
      long line = parser.getContext().currentLine() + 1;
      String[] fields = nextRecord(parser);
      if (fields == null) {
        return null;
      }
      row++;
      if (fields.length != width) {
        String failure = "it has " + fields.length + " fields, the header has " + width;
        return RawDocument.failed(split, row, line, null, failure);
      }
      String id = idIndex < 0 || fields[idIndex].isEmpty() ? null : fields[idIndex];
      RawValue[] kept = new RawValue[keptIndices.length];
      for (int i = 0; i < kept.length; i++) {
        String field = fields[keptIndices[i]];
        kept[i] = field.isEmpty() ? null : RawValue.ofCell(field);
      }
      return new RawDocument(split, row, line, id, fields[textIndex], kept, null);
    }

    @Override
    public void close() {
      parser.stopParsing();
    }

    private void findColumns(List<String> header) {
      textIndex = require(header, columns.text());
      idIndex = columns.id() == null ? -1 : require(header, columns.id());
      keptIndices = columns.kept().stream().mapToInt(name -> require(header, name)).toArray();
    }

    private int require(List<String> header, String column) {
      int index = header.indexOf(column);
      if (index < 0) {
        throw UserException.of(
            "Cannot read corpus file " + split.path(),
            "it has no column '"
                + column
                + "', unlike the first file; its columns are "
                + String.join(", ", header),
            "Give all files of the corpus the same columns");
      }
      return index;
    }
  }
}
