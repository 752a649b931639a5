package io.radialnet.bench;

import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.jobs.table.TokenRatiosWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reading one layer's ratios, and all layers', of a table of half a million tokens and 12 layers:
 * time a query. Spark has one core, DuckDB all.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class ReaderBenchmark {

  private static final int LAYERS = 12;
  private static final int WINDOWS = 1000;

  @Param({"plain", "byte_stream_split"})
  String encoding;

  private SparkSession spark;
  private Path directory;

  /** Writes the table and opens the session. */
  @Setup
  public void open() throws IOException {
    directory = Files.createTempDirectory("reader-benchmark");
    Configuration conf = new Configuration();
    conf.set("radial.float.encoding", encoding);
    var table = new org.apache.hadoop.fs.Path(directory.resolve(TokenRatiosTable.NAME).toUri());
    try (TokenRatiosWriter writer =
        TokenRatiosWriter.open(
            conf, TokenRatiosTable.shardFile(table, 0), SampleWindows.SCHEMA, LAYERS)) {
      new SampleWindows(LAYERS).make(WINDOWS).forEach(writer::write);
      writer.commit(Map.of());
    }
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
  }

  /** Removes the table. */
  @TearDown
  public void close() throws IOException {
    spark.stop();
    FileSystem.getLocal(new Configuration())
        .delete(new org.apache.hadoop.fs.Path(directory.toUri()), true);
  }

  @Benchmark
  public Row oneLayerInSpark() {
    return table().selectExpr("avg(attn_ratio[7])").first();
  }

  @Benchmark
  public Row allLayersInSpark() {
    return table().selectExpr("explode(attn_ratio) as ratio").selectExpr("avg(ratio)").first();
  }

  @Benchmark
  public Number oneLayerInDuckDb() {
    return DuckDb.number("select avg(attn_ratio[8]) from " + inDuckDb());
  }

  @Benchmark
  public Number allLayersInDuckDb() {
    return DuckDb.number("select avg(list_avg(attn_ratio)) from " + inDuckDb());
  }

  private Dataset<Row> table() {
    return TokenRatiosTable.read(spark, directory.resolve(TokenRatiosTable.NAME).toString());
  }

  private String inDuckDb() {
    return DuckDb.table(directory, TokenRatiosTable.NAME);
  }
}
