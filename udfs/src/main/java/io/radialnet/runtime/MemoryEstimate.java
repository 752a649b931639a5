package io.radialnet.runtime;

import io.radialnet.tensor.ElementType;
import io.radialnet.transformer.Architecture;
import io.radialnet.transformer.Architecture.Gate;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Blueprint.Head;
import java.util.Collection;
import java.util.stream.LongStream;

/**
 * How much native memory a process needs to run a model on its CPU, beside the Java heap: an upper
 * estimate from shapes. Weights exist once, packed or not; while they are read, the largest tensor
 * exists in some copies. On a CUDA device weights and activations are that device's memory.
 *
 * @param weightBytes of all weights in the dtype they run in
 * @param loadingBytes beside the weights, while they are read
 * @param activationBytes of one batch of one task
 * @param tasks at the same time
 */
public record MemoryEstimate(long weightBytes, long loadingBytes, long activationBytes, int tasks) {

  /** A JVM beside its heap, libtorch's code, Spark's network buffers. */
  public static final long PROCESS_BYTES = 640L << 20;

  /** Of a tensor while it is read: as stored, converted, joined with others, packed. */
  private static final int LOADING_COPIES = 3;

  /** Scores and weights of an attention chunk, several arrays of at most 2 MiB. */
  private static final long ATTENTION_CHUNK_BYTES = 16L << 20;

  /** A piece of the logits and what the cross-entropy makes of it. */
  private static final long SURPRISAL_BYTES = 3 * (64L << 20);

  /** Columns of measures that exist for a batch: three blocks of two measures, in two copies. */
  private static final long MEASURES = 12;

  static MemoryEstimate of(
      Blueprint blueprint, Head head, ElementType dtype, int batchTokens, int tasks) {
    Collection<long[]> shapes = blueprint.tensors(head).values();
    long weights = shapes.stream().mapToLong(MemoryEstimate::elements).sum() * dtype.bytes();
    long largest = shapes.stream().mapToLong(MemoryEstimate::elements).max().orElse(0);
    long wide = Math.max(dtype.bytes(), Float.BYTES); // stored, or 16 bits while multiplied
    return new MemoryEstimate(
        weights,
        LOADING_COPIES * largest * wide,
        activations(blueprint.architecture(), head, dtype, batchTokens)
            + (dtype == ElementType.FLOAT32 ? 0 : largest * wide),
        tasks);
  }

  /** The largest of what one layer holds at a time, the streams before and after it included. */
  private static long activations(
      Architecture architecture, Head head, ElementType dtype, int batchTokens) {
    Architecture.Attention attention = architecture.attention();
    long hidden = architecture.hiddenSize();
    long queries = (long) attention.heads() * attention.headSize();
    long qkv = queries + 2L * attention.kvHeads() * attention.headSize();
    long wide = (architecture.mlp().gate() == Gate.GATED ? 2L : 1L) * architecture.mlp().width();
    long inDtype = 4 * hidden + Math.max(wide, qkv);
    long inFloat32 = qkv + queries + 3 * hidden; // attention, then the probe
    long measures = MEASURES * architecture.layers();
    return batchTokens * (inDtype * dtype.bytes() + (inFloat32 + measures) * Float.BYTES)
        + ATTENTION_CHUNK_BYTES
        + (head == Head.USED ? SURPRISAL_BYTES : 0);
  }

  private static long elements(long[] shape) {
    return LongStream.of(shape).reduce(1, (a, b) -> a * b);
  }

  /**
   * What the process needs beside its heap, bytes: {@code spark.executor.memoryOverhead}. What is
   * held while weights are read counts beside the batches, though it comes before them: the C
   * library may keep some of it.
   */
  public long overheadBytes() {
    return PROCESS_BYTES + weightBytes + loadingBytes + tasks * activationBytes;
  }
}
