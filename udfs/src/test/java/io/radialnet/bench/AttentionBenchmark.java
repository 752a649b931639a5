package io.radialnet.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Causal attention of N = 2048 tokens in sequences of one length, H = 12 heads of D = 64 as in
 * OPT-125M: time a call, so that lengths compare.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AttentionBenchmark {

  private static final long N = 2048;
  private static final long H = 12;
  private static final long D = 64;
  private static final int NO_WINDOW = 0;
  private static final double NO_CAP = 0.0;

  @Param({"FLOAT32", "BFLOAT16"})
  ElementType dtype;

  @Param({"64", "256", "512", "1024", "2048"})
  int length;

  /** Key and value heads: as many as query heads, or a third of them as in SmolLM2. */
  @Param({"12", "4"})
  long kvHeads;

  private Scope memory;
  private Kernels kernels;
  private NDArray q; // (N, H, D)
  private NDArray k; // (N, kvHeads, D)
  private NDArray v; // (N, kvHeads, D)
  private long[] runs;

  /** Makes the inputs. */
  @Setup
  public void open() {
    memory = Scope.open(Device.cpu());
    kernels = Kernels.on(Device.cpu());
    q = Inputs.normal(memory, dtype, new Shape(N, H, D));
    k = Inputs.normal(memory, dtype, new Shape(N, kvHeads, D));
    v = Inputs.normal(memory, dtype, new Shape(N, kvHeads, D));
    runs = new long[] {N / length, length};
  }

  /** Frees them. */
  @TearDown
  public void close() {
    memory.close();
  }

  @Benchmark
  public long attention() {
    double scale = 1 / Math.sqrt(D);
    try (Scope call = memory.child()) {
      return kernels
          .run(call, "attention_of_sequences", q, k, v, runs, scale, true, NO_WINDOW, NO_CAP)
          .size(); // (N, H * D)
    }
  }
}
