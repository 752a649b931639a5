package io.radialnet.bench;

import io.radialnet.jobs.table.ProfiledWindow;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.jobs.table.TokenRatiosWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One thread writing a shard's file with the columns of the default options: rows a second. The
 * numbers are spread like a trained model's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 6, time = 2)
@Fork(1)
public class WriterBenchmark {

  private static final int WINDOWS = 40;
  private static final int T = 512;
  private static final int ROWS = WINDOWS * T;
  private static final List<String> BLOCKS = List.of("attn", "mlp", "layer");
  private static final List<String> MEASURES = List.of("ratio", "cosine");
  private static final StructType SCHEMA =
      TokenRatiosTable.schema(new StructType(), BLOCKS, MEASURES);

  /** L. */
  @Param({"12", "24"})
  int layers;

  private final Configuration conf = new Configuration();
  private final Random random = new Random(1);
  private final List<ProfiledWindow> windows = new ArrayList<>();
  private Path table;
  private int shard;

  /** Makes the rows. */
  @Setup
  public void open() throws IOException {
    table = new Path(Files.createTempDirectory("writer-benchmark").toUri());
    for (int window = 0; window < WINDOWS; window++) {
      windows.add(window(String.format("document-%02d", window / 4), window % 4));
    }
  }

  /** Removes the files. */
  @TearDown
  public void close() throws IOException {
    FileSystem.getLocal(conf).delete(table, true);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void rows() {
    shard = (shard + 1) % 16;
    Path file = TokenRatiosTable.shardFile(table, shard);
    try (TokenRatiosWriter writer = TokenRatiosWriter.open(conf, file, SCHEMA, layers)) {
      windows.forEach(writer::write);
      writer.commit(Map.of());
    }
  }

  private ProfiledWindow window(String docId, int window) {
    int[] tokenIds = new int[T];
    String[] tokens = new String[T];
    boolean[] special = new boolean[T];
    int[] docPositions = new int[T];
    for (int t = 0; t < T; t++) {
      tokenIds[t] = (int) Math.min(4095, Math.exp(random.nextDouble() * 8.5)); // frequent and rare
      tokens[t] = "Ġtoken" + tokenIds[t];
      special[t] = t == 0;
      docPositions[t] = window * (T - 1) + t - 1;
    }
    docPositions[0] = -1;
    float[][] measures = {ratios(), cosines(), ratios(), cosines(), ratios(), cosines()};
    return new ProfiledWindow(
        docId, window, new Object[0], tokenIds, tokens, special, docPositions, measures, null);
  }

  private float[] ratios() {
    float[] ratios = new float[T * layers]; // (T, L)
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = (float) Math.exp(0.6 * random.nextGaussian() - 1.5); // median 0.22
    }
    return ratios;
  }

  private float[] cosines() {
    float[] cosines = new float[T * layers]; // (T, L)
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = (float) Math.cos(Math.exp(0.5 * random.nextGaussian() - 1.6));
    }
    return cosines;
  }
}
