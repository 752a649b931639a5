package io.radialnet.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.tensor.ElementType;
import java.io.IOException;

/**
 * What Spark costs over a plain loop of the same batches, as {@link SparkBenchmark} has both, by
 * turns: a machine that is slower from one minute to the next is so for both. Prints JSON.
 */
public final class SparkByTurns {

  private static final int WARMUPS = 2;

  private SparkByTurns() {}

  /** Takes how many pairs to measure. */
  public static void main(String[] args) throws IOException {
    int pairs = Integer.parseInt(args[0]);
    SparkBenchmark benchmark = new SparkBenchmark();
    benchmark.model = "../data-samples/opt-nano";
    benchmark.corpus = "../data-samples/corpus";
    benchmark.dtype = ElementType.FLOAT32;
    ObjectNode result = new ObjectMapper().createObjectNode();
    benchmark.open();
    try {
      for (int i = -WARMUPS; i < pairs; i++) {
        double spark = seconds(() -> result.put("tokens", benchmark.spark()));
        double loop = seconds(benchmark::plainLoop);
        if (i >= 0) {
          result
              .withArray("pairs")
              .addObject()
              .put("spark_seconds", spark)
              .put("loop_seconds", loop);
        }
      }
    } finally {
      benchmark.close();
    }
    System.out.println(result);
  }

  private interface Run {
    void run() throws IOException;
  }

  private static double seconds(Run run) throws IOException {
    long start = System.nanoTime();
    run.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
