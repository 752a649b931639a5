package io.radialnet.bench;

import io.radialnet.tensor.ElementType;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * What Spark costs over a plain loop of the same batches, as {@link SparkBenchmark} has both, by
 * turns: a machine that is slower from one minute to the next is so for both.
 */
public final class SparkByTurns {

  private static final int WARMUPS = 2;

  private SparkByTurns() {}

  /** Takes how many pairs to measure. */
  public static void main(String[] args) throws IOException {
    SparkBenchmark benchmark = new SparkBenchmark();
    benchmark.model = "../data-samples/opt-nano";
    benchmark.corpus = "../data-samples/corpus";
    benchmark.dtype = ElementType.FLOAT32;
    double[] costs = new double[Integer.parseInt(args[0])];
    benchmark.open();
    try {
      for (int i = -WARMUPS; i < costs.length; i++) {
        double spark = seconds(benchmark::spark);
        double loop = seconds(benchmark::plainLoop);
        say("%s: Spark %.2f s, plain loop %.2f s", i < 0 ? "warming up" : "pair", spark, loop);
        if (i >= 0) {
          costs[i] = spark / loop - 1;
        }
      }
    } finally {
      benchmark.close();
    }
    Arrays.sort(costs);
    double median = (costs[(costs.length - 1) / 2] + costs[costs.length / 2]) / 2;
    say(
        "Spark costs %.1f %% over the plain loop, median of %d pairs, %.1f to %.1f",
        100 * median, costs.length, 100 * costs[0], 100 * costs[costs.length - 1]);
  }

  private interface Run {
    long run() throws IOException;
  }

  private static double seconds(Run run) throws IOException {
    long start = System.nanoTime();
    run.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
