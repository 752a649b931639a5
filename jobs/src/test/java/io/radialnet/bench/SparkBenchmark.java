package io.radialnet.bench;

import io.radialnet.jobs.options.Dtype;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.jobs.profile.ProfileJob;
import io.radialnet.probe.Measure;
import io.radialnet.probe.ProbePlan;
import io.radialnet.tensor.ElementType;
import io.radialnet.transformer.Block;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
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
 * A profile by Spark with one core, and the same batches in a plain loop of one thread: time a run,
 * from loading the model to the last file. The difference is what Spark costs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(1)
public class SparkBenchmark {

  private static final int SHARDS = 16;
  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  /** A directory of a model; jobs/bench/compare makes some of larger shapes. */
  @Param("../data-samples/opt-nano")
  String model;

  /** A JSON Lines file, or a directory of such files. */
  @Param("../data-samples/corpus")
  String corpus;

  @Param("FLOAT32")
  ElementType dtype;

  private SparkSession spark;
  private Path directory;
  private Path documents;

  /** Opens the session. */
  @Setup
  public void open() throws IOException {
    directory = Files.createTempDirectory("spark-benchmark");
    documents = directory.resolve("documents.jsonl");
    try (Stream<Path> files = Files.walk(Path.of(corpus))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        Files.writeString(
            documents,
            Files.readString(file),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
    }
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
  }

  /** Removes what was written. */
  @TearDown
  public void close() throws IOException {
    spark.stop();
    FileSystem.getLocal(new Configuration())
        .delete(new org.apache.hadoop.fs.Path(directory.toUri()), true);
  }

  @Benchmark
  public long spark() {
    ProfileOptions options =
        ProfileOptions.builder(
                model, documents.toString(), directory.resolve("by-spark").toString())
            .dtype(Dtype.valueOf(dtype.name()))
            .shards(SHARDS)
            .overwriting()
            .build();
    return ProfileJob.run(spark, options, NOWHERE).manifest().path("tokens").asLong();
  }

  @Benchmark
  public long plainLoop() throws IOException {
    ProbePlan probe =
        new ProbePlan(
            List.of(Block.ATTN, Block.MLP, Block.LAYER), List.of(Measure.RATIO, Measure.COSINE));
    return new PlainLoop(
            model,
            documents,
            directory.resolve("by-loop"),
            dtype,
            probe,
            SHARDS,
            ProfileOptions.DEFAULT_BATCH_TOKENS)
        .run();
  }
}
