package io.radialnet.jobs.profile;

import io.radialnet.jobs.Samples;
import io.radialnet.jobs.WordTokenizer;
import io.radialnet.runtime.ProcessMemory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;

/**
 * Prints by how many bytes this process grows over three thousand batches in two runs: model
 * loaded, texts tokenized, residuals and surprisals measured, shards written, model closed.
 */
final class NativeGrowth {

  private static final int WINDOW = 64;
  private static final int BATCH = 2 * WINDOW;

  private final SparkSession spark;
  private final Path directory;
  private final Path model;
  private int runs;

  private NativeGrowth(SparkSession spark, Path directory) {
    this.spark = spark;
    this.directory = directory;
    this.model = Samples.goldenModel("llama-biases-rope-linear", directory.resolve("llama"));
  }

  /** Takes an empty directory. */
  public static void main(String[] args) {
    SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "OFF")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.local.dir", args[0])
            .getOrCreate();
    try {
      NativeGrowth growth = new NativeGrowth(spark, Path.of(args[0]));
      for (int i = 0; i < 5; i++) {
        growth.run(150); // allocators, compilers and Spark's threads settle
      }
      long before = ProcessMemory.residentBytes().orElseThrow();
      growth.run(1500);
      growth.run(1500);
      System.out.println(ProcessMemory.residentBytes().orElseThrow() - before);
    } finally {
      spark.stop();
    }
  }

  /** Profiles so many documents of two windows, which are a batch each. */
  private void run(int batches) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < batches; i++) {
      int first = i;
      IntStream tokens = IntStream.range(0, BATCH).map(t -> (first + t) % 67);
      texts.put("d" + i, WordTokenizer.text(tokens.toArray()));
    }
    Path corpus = Samples.writeJsonLines(directory.resolve("corpus.jsonl"), texts);
    ProfileResult result =
        Profiles.run(
            spark,
            Profiles.options(model, corpus, directory.resolve("out" + ++runs))
                .shards(2)
                .batchTokens(BATCH)
                .withLoss());
    if (result.manifest().path("windows").asInt() != 2 * batches) {
      throw new IllegalStateException(result.toJson());
    }
  }
}
