package io.radialnet.jobs.corpus;

import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Makes documents of rows (file as a URI, row, id, text, kept values with dates in days and
 * timestamps in microseconds). Small and serializable.
 */
record RowToDocument(Path root, String textColumn, StructType keptSchema)
    implements Function<Row, Document> {

  private static final int FIRST_KEPT = 4;

  @Override
  public Document call(Row row) {
    String file = relative(root, row.getString(0));
    long index = row.getLong(1);
    String docId = row.isNullAt(2) ? Document.fallbackId(file, index) : row.getString(2);
    String text = row.getString(3);
    String failure = text == null ? "column '" + textColumn + "' is null" : null;
    Object[] kept = new Object[keptSchema.size()];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = javaValue(row.get(FIRST_KEPT + i), keptSchema.apply(i).dataType());
    }
    return new Document(docId, file, index, 0, text, kept, failure);
  }

  /** The relative name of a file that Spark names by its URI. */
  static String relative(Path root, String uri) {
    return CorpusFiles.relative(root, new Path(URI.create(uri)));
  }

  private static Object javaValue(Object value, DataType type) {
    if (value == null) {
      return null;
    }
    if (type.equals(DataTypes.DateType)) {
      return LocalDate.ofEpochDay((Integer) value);
    }
    return type.equals(DataTypes.TimestampType)
        ? Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS)
        : value;
  }
}
