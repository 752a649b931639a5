package io.radialnet.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import java.util.List;
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
 * The kernels of a layer on a batch of N = 2048 tokens in the shape of OPT-125M, E = 768, I = 3072:
 * time a call.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KernelBenchmark {

  private static final long N = 2048;
  private static final long E = 768;
  private static final long I = 3072;
  private static final long[] RATIO = {0};
  private static final long[] RATIO_AND_COSINE = {0, 1};

  @Param({"FLOAT32", "BFLOAT16"})
  ElementType dtype;

  private Scope memory;
  private Kernels kernels;
  private NDArray x; // (N, E)
  private NDArray update; // (N, E)
  private NDArray after; // (N, E)
  private NDArray weight; // (E)
  private NDArray bias; // (E)
  private NDArray up; // (I, E)
  private NDArray packedUp; // (I, E), as this machine multiplies fastest
  private NDArray norms; // (N)
  private NDArray updateNorms; // (N)
  private NDArray upBias; // (I)

  /** Makes the inputs. */
  @Setup
  public void open() {
    memory = Scope.open(Device.cpu());
    kernels = Kernels.on(Device.cpu());
    x = Inputs.normal(memory, dtype, new Shape(N, E));
    update = Inputs.normal(memory, dtype, new Shape(N, E));
    after = x.add(update);
    weight = Inputs.normal(memory, dtype, new Shape(E));
    bias = Inputs.normal(memory, dtype, new Shape(E));
    up = Inputs.normal(memory, dtype, new Shape(I, E));
    upBias = Inputs.normal(memory, dtype, new Shape(I));
    packedUp = kernels.pack(memory, List.of(up.duplicate(), upBias), dtype, (int) N).get(0);
    norms = kernels.run(memory, "norms", x);
    updateNorms = kernels.run(memory, "norms", update);
  }

  /** Frees them. */
  @TearDown
  public void close() {
    memory.close();
  }

  @Benchmark
  public long linear() {
    return run("linear", x, packedUp, List.of(upBias), "none"); // (N, I)
  }

  @Benchmark
  public long linearWithRelu() {
    return run("linear", x, packedUp, List.of(upBias), "relu"); // (N, I)
  }

  @Benchmark
  public long linearNotPacked() {
    return run("linear", x, up, List.of(upBias), "none"); // (N, I)
  }

  @Benchmark
  public long layerNorm() {
    return run("layer_norm", x, weight, bias, 1e-5); // (N, E)
  }

  @Benchmark
  public long rmsNorm() {
    return run("rms_norm", x, weight, 1e-5); // (N, E)
  }

  @Benchmark
  public long norms() {
    return run("norms", x); // (N)
  }

  @Benchmark
  public long differenceNorms() {
    return run("difference_norms", after, x); // (N)
  }

  @Benchmark
  public long measuresRatio() {
    return run("measures", List.of(), List.of(updateNorms), List.of(norms), List.of(), RATIO);
  }

  @Benchmark
  public long measuresRatioAndCosine() {
    try (Scope call = memory.child()) {
      List<NDArray> known = List.of(norms);
      List<NDArray> updates = List.of(updateNorms);
      List<NDArray> dots = List.of(kernels.run(call, "dots", x, after));
      return kernels.run(call, "measures", known, updates, known, dots, RATIO_AND_COSINE).size();
    }
  }

  private long run(String program, Object... arguments) {
    try (Scope call = memory.child()) {
      return kernels.run(call, program, arguments).size();
    }
  }
}
