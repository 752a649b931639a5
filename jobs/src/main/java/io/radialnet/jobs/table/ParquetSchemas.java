package io.radialnet.jobs.table;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Spark's types in Parquet, as Spark itself and DuckDB read them. */
final class ParquetSchemas {

  private ParquetSchemas() {}

  static MessageType message(StructType schema) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    for (StructField field : schema.fields()) {
      message.addField(type(field));
    }
    return message.named("spark_schema");
  }

  /**
   * Writes one value of a kept column.
   *
   * @param level the definition level of a value that is there
   */
  static void write(ColumnWriter writer, Object value, int level) {
    if (value instanceof String text) {
      writer.write(Binary.fromString(text), 0, level);
    } else if (value instanceof Boolean truth) {
      writer.write(truth, 0, level);
    } else if (value instanceof Integer number) {
      writer.write(number, 0, level);
    } else if (value instanceof Long number) {
      writer.write(number, 0, level);
    } else if (value instanceof Float number) {
      writer.write(number, 0, level);
    } else if (value instanceof Double number) {
      writer.write(number, 0, level);
    } else if (value instanceof LocalDate date) {
      writer.write(Math.toIntExact(date.toEpochDay()), 0, level);
    } else if (value instanceof Instant instant) {
      writer.write(ChronoUnit.MICROS.between(Instant.EPOCH, instant), 0, level);
    } else {
      throw new IllegalStateException("cannot write a value of " + value.getClass());
    }
  }

  private static Type type(StructField field) {
    Repetition repetition = field.nullable() ? Repetition.OPTIONAL : Repetition.REQUIRED;
    if (TokenRatiosTable.isMeasure(field)) {
      return Types.list(repetition).requiredElement(PrimitiveTypeName.FLOAT).named(field.name());
    }
    DataType type = field.dataType();
    return Types.primitive(physical(type), repetition).as(logical(type)).named(field.name());
  }

  private static PrimitiveTypeName physical(DataType type) {
    if (type.equals(DataTypes.StringType)) {
      return PrimitiveTypeName.BINARY;
    }
    if (type.equals(DataTypes.BooleanType)) {
      return PrimitiveTypeName.BOOLEAN;
    }
    if (type.equals(DataTypes.IntegerType) || type.equals(DataTypes.DateType)) {
      return PrimitiveTypeName.INT32;
    }
    if (type.equals(DataTypes.LongType) || type.equals(DataTypes.TimestampType)) {
      return PrimitiveTypeName.INT64;
    }
    if (type.equals(DataTypes.FloatType)) {
      return PrimitiveTypeName.FLOAT;
    }
    if (type.equals(DataTypes.DoubleType)) {
      return PrimitiveTypeName.DOUBLE;
    }
    throw new IllegalStateException("no Parquet type for " + type.simpleString());
  }

  private static LogicalTypeAnnotation logical(DataType type) {
    if (type.equals(DataTypes.StringType)) {
      return LogicalTypeAnnotation.stringType();
    }
    if (type.equals(DataTypes.DateType)) {
      return LogicalTypeAnnotation.dateType();
    }
    return type.equals(DataTypes.TimestampType)
        ? LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS)
        : null;
  }
}
