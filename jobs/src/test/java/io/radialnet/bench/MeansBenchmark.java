package io.radialnet.bench;

import io.radialnet.error.UserException;
import io.radialnet.jobs.table.TokenRatiosReader;
import io.radialnet.jobs.table.TokenWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Counts, means and deviations of the ratios of each block and layer over a profile's files, and no
 * more: the part of the pass of aggregate that DuckDB's query for the same does too. Time a
 * profile, from a cold JVM. {@code jobs/bench/aggregate} runs it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(3)
public class MeansBenchmark {

  private static final List<String> MEASURES = List.of("attn_ratio", "mlp_ratio");

  /** A directory that profile wrote. */
  @Param("")
  String profile;

  /** L of the profile. */
  @Param("24")
  int layers;

  @Param("2")
  int threads;

  /** Where the statistics are written, block by block and layer by layer; nowhere if empty. */
  @Param("")
  String out;

  /** Over all tokens that are not special. */
  @Benchmark
  public List<String> means() throws IOException, InterruptedException, ExecutionException {
    List<Path> files = files();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Sums>> parts = new ArrayList<>();
      for (Path file : files) {
        parts.add(pool.submit(() -> of(file)));
      }
      Sums all = new Sums(MEASURES.size() * layers);
      for (Future<Sums> part : parts) {
        all.add(part.get());
      }
      List<String> statistics = all.statistics();
      if (!out.isEmpty()) {
        Files.write(Path.of(out), statistics);
      }
      return statistics;
    } finally {
      pool.shutdown();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(profile, "token_ratios"))) {
      List<Path> files = all.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
      if (files.isEmpty()) {
        throw UserException.of(
            "Cannot measure", profile + " holds no ratios", "Name a profile by -p profile=DIR");
      }
      return files;
    }
  }

  private Sums of(Path file) throws IOException {
    Sums sums = new Sums(MEASURES.size() * layers);
    try (TokenRatiosReader reader =
        TokenRatiosReader.open(
            new Configuration(),
            new org.apache.hadoop.fs.Path(file.toUri()),
            List.of(),
            MEASURES,
            layers)) {
      while (reader.next()) {
        TokenWindow window = reader.window();
        for (int token = 0; token < window.tokens(); token++) {
          if (!window.special()[token]) {
            for (int block = 0; block < MEASURES.size(); block++) {
              sums.add(window.measure(block), token * layers, block * layers, layers);
            }
          }
        }
      }
    }
    return sums;
  }

  /** Sums by block and layer. */
  private static final class Sums {
    private long tokens;
    private final double[] sums;
    private final double[] squares;

    Sums(int cells) {
      sums = new double[cells];
      squares = new double[cells];
    }

    void add(float[] ratios, int from, int cell, int count) {
      tokens += cell == 0 ? 1 : 0;
      for (int i = 0; i < count; i++) {
        double ratio = ratios[from + i];
        sums[cell + i] += ratio;
        squares[cell + i] += ratio * ratio;
      }
    }

    void add(Sums other) {
      tokens += other.tokens;
      for (int cell = 0; cell < sums.length; cell++) {
        sums[cell] += other.sums[cell];
        squares[cell] += other.squares[cell];
      }
    }

    /** By cell: count, mean and deviation (n - 1). */
    List<String> statistics() {
      List<String> statistics = new ArrayList<>();
      for (int cell = 0; cell < sums.length; cell++) {
        double mean = sums[cell] / tokens;
        double variance = (squares[cell] - mean * sums[cell]) / (tokens - 1);
        statistics.add(tokens + " " + mean + " " + Math.sqrt(variance));
      }
      return statistics;
    }
  }
}
