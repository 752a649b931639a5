package io.radialnet.bench;

import io.radialnet.probe.Measure;
import io.radialnet.probe.ProbePlan;
import io.radialnet.probe.ResidualProbe;
import io.radialnet.runtime.LoadedModel;
import io.radialnet.runtime.ModelCache.Lease;
import io.radialnet.runtime.ModelInfo;
import io.radialnet.runtime.ModelSpec;
import io.radialnet.runtime.Models;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Float32Products;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Block;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.ResidualTap;
import io.radialnet.transformer.Sequences;
import io.radialnet.transformer.Transformer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
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
 * A forward pass over one batch, plain and with a probe on every residual addition: time a pass.
 * The difference is what the probe costs.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 10)
@Fork(2)
public class ForwardBenchmark {

  private static final int BATCH_TOKENS = 2048;
  private static final List<Block> BLOCKS = List.of(Block.ATTN, Block.MLP, Block.LAYER);
  private static final ProbePlan RATIO = new ProbePlan(BLOCKS, List.of(Measure.RATIO));
  private static final ProbePlan RATIO_AND_COSINE =
      new ProbePlan(BLOCKS, List.of(Measure.RATIO, Measure.COSINE));

  /** A directory of a model; jobs/bench/compare makes some of larger shapes. */
  @Param("../data-samples/opt-nano")
  String model;

  @Param({"FLOAT32", "BFLOAT16"})
  ElementType dtype;

  @Param("256")
  int length;

  private Lease<LoadedModel> lease;
  private Transformer transformer;
  private Scope memory;
  private Sequences batch;

  /** Loads the model and makes a batch of random tokens. */
  @Setup
  public void open() {
    Configuration conf = new Configuration();
    ModelInfo info = Models.inspect(model, Head.UNUSED, conf);
    ModelSpec spec =
        new ModelSpec(
            model, info.fingerprint(), dtype, Float32Products.FLOAT32, Head.UNUSED, length);
    lease = Models.acquire(spec, "cpu", conf);
    transformer = lease.model().transformer();
    memory = transformer.newScope();
    Random random = new Random(1);
    List<int[]> sequences =
        IntStream.range(0, BATCH_TOKENS / length)
            .mapToObj(i -> random.ints(length, 0, info.vocabularySize()).toArray())
            .toList();
    batch = Sequences.of(sequences, memory);
  }

  /** Frees them. */
  @TearDown
  public void close() {
    memory.close();
    lease.close();
  }

  @Benchmark
  public long plain() {
    try (Scope pass = memory.child()) {
      return transformer.forward(batch, ResidualTap.NONE, pass).size();
    }
  }

  @Benchmark
  public float[] probed() {
    return probed(RATIO);
  }

  @Benchmark
  public float[] probedWithCosine() {
    return probed(RATIO_AND_COSINE);
  }

  private float[] probed(ProbePlan plan) {
    try (Scope pass = memory.child()) {
      ResidualProbe probe = new ResidualProbe(plan, pass);
      transformer.forward(batch, probe, pass);
      return probe.columns().toFloatArray();
    }
  }
}
