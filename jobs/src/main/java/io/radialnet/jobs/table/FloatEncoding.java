package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * How the numbers of a measure lie in a page. Both keep every bit; they differ in how well the page
 * compresses and in who reads it: see {@code jobs/bench/README.md}.
 */
enum FloatEncoding {
  /** One number after the other. Everything reads it. */
  PLAIN(Encoding.PLAIN) {
    @Override
    BytesInput encode(float[] values, int count) {
      ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values, 0, count);
      return BytesInput.from(bytes);
    }
  },

  /**
   * The lowest bytes of all numbers, then the next, the highest last, which are nearly alike: a
   * sixth fewer bytes on disk. Spark 4.0 reads it only with {@link #SPARK_VECTORIZED} off.
   */
  BYTE_STREAM_SPLIT(Encoding.BYTE_STREAM_SPLIT) {
    @Override
    BytesInput encode(float[] values, int count) {
      byte[] streams = new byte[count * Float.BYTES];
      for (int i = 0; i < count; i++) {
        int bits = Float.floatToRawIntBits(values[i]);
        streams[i] = (byte) bits;
        streams[i + count] = (byte) (bits >>> 8);
        streams[i + 2 * count] = (byte) (bits >>> 16);
        streams[i + 3 * count] = (byte) (bits >>> 24);
      }
      return BytesInput.from(streams);
    }
  };

  /** The Hadoop setting that chooses one by its name in lower case. */
  static final String KEY = "radial.float.encoding";

  /** Spark's setting whether arrays are read by its vectorized reader, which lacks encodings. */
  private static final String SPARK_VECTORIZED =
      "spark.sql.parquet.enableNestedColumnVectorizedReader";

  private static final FloatEncoding DEFAULT = PLAIN;

  private final Encoding parquet;

  FloatEncoding(Encoding parquet) {
    this.parquet = parquet;
  }

  /**
   * What a configuration asks for.
   *
   * @throws UserException for a name that is none
   */
  static FloatEncoding of(Configuration conf) {
    String name = conf.get(KEY, DEFAULT.toString());
    return Arrays.stream(values())
        .filter(encoding -> encoding.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UserException.of(
                    "Cannot write with " + KEY + " '" + name + "'",
                    "known are " + Arrays.toString(values()),
                    "Correct spark.hadoop." + KEY));
  }

  /** Lets a session read a table, by its first file: see {@link #BYTE_STREAM_SPLIT}. */
  static void prepare(SparkSession spark, Dataset<Row> table) {
    Configuration conf = spark.sessionState().newHadoopConf();
    boolean isSplit =
        Stream.of(table.inputFiles())
            .limit(1)
            .anyMatch(file -> ShardFile.encodings(conf, file).contains(Encoding.BYTE_STREAM_SPLIT));
    if (isSplit) {
      spark.conf().set(SPARK_VECTORIZED, "false");
    }
  }

  /** The bytes of the first numbers of an array, which may be changed afterwards. */
  abstract BytesInput encode(float[] values, int count);

  /** Its name in Parquet. */
  Encoding parquet() {
    return parquet;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
