package io.radialnet.jobs.aggregate;

import io.radialnet.sparksql.KllSketches;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.datasketches.memory.Memory;

/**
 * Quantiles of ratios in bounded memory: a sketch of {@link KllSketches} with a buffer before it. A
 * full buffer is sorted by radix and every fourth value, from a random start, goes on with weight
 * four: the compaction that the sketch itself would do in two steps, at a fraction of the cost. Up
 * to k values are kept as they are. Mergeable; not thread-safe. Serialized as those values, or as
 * the compact sketch, whose making costs far more than few values are worth.
 */
final class Quantiles implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int K = KllSketches.DEFAULT_K;
  private static final int LEVEL = 2;
  private static final int WEIGHT = 1 << LEVEL;
  private static final int BATCH = WEIGHT * K;
  private static final int FIRST_CAPACITY = 16;
  private static final int LEVELS_AT = 20; // where the starts of levels are in the serial form
  private static final int CAPACITY = capacity();
  private static final int RADIX_FROM = 512; // values; fewer are sorted faster by comparing
  private static final double ROUNDING = 5e-8; // of a rank times a count, as the library has it
  private static final int IS_SKETCH = -1; // in the serial form, where the number of values is else

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private transient float[] buffer = {};
  private transient int buffered;
  private transient KllFloatsSketch sketch;

  /** From the bytes of a compact KLL floats sketch. */
  static Quantiles fromBytes(byte[] bytes) {
    Quantiles quantiles = new Quantiles();
    quantiles.sketch = KllSketches.fromBytes(bytes);
    return quantiles;
  }

  void add(float ratio) {
    makeRoom(1);
    buffer[buffered++] = ratio;
  }

  void add(float[] ratios, int from, int count) {
    int start = from;
    int left = count;
    while (left > 0) {
      makeRoom(left);
      int added = Math.min(left, buffer.length - buffered);
      System.arraycopy(ratios, start, buffer, buffered, added);
      buffered += added;
      start += added;
      left -= added;
    }
  }

  /** Grows the buffer for so many values, or empties it, if it has room for none. */
  void makeRoom(int count) {
    if (buffered == BATCH) {
      thin();
    }
    int wanted = Math.min(BATCH, buffered + count);
    if (wanted > buffer.length) {
      int capacity = Math.max(FIRST_CAPACITY, Math.max(wanted, 2 * buffer.length));
      buffer = Arrays.copyOf(buffer, Math.min(BATCH, capacity));
    }
  }

  /** Adds the values of another, which stays as it is but for its buffer's order. */
  Quantiles merge(Quantiles other) {
    if (other.sketch != null) {
      ownSketch().merge(other.sketch);
    }
    add(other.buffer, 0, other.buffered);
    return this;
  }

  long count() {
    return buffered + (sketch == null ? 0 : sketch.getN());
  }

  /** Bytes in memory, about. */
  long bytes() {
    long sketchBytes = sketch == null ? 0 : sketch.getSerializedSizeBytes();
    return 80 + 4L * buffer.length + sketchBytes;
  }

  /** The smallest values that at least these shares of all values do not exceed; NaN if empty. */
  double[] at(double... ranks) {
    return isExact() ? exactAt(ranks) : sketchedAt(ranks);
  }

  private boolean isExact() {
    return sketch == null && buffered <= K;
  }

  private double[] exactAt(double[] ranks) {
    sort(buffered);
    double[] values = new double[ranks.length];
    for (int i = 0; i < ranks.length; i++) {
      int index = (int) Math.ceil(ranks[i] * buffered - ROUNDING) - 1;
      values[i] = buffered == 0 ? Double.NaN : buffer[Math.max(0, index)];
    }
    return values;
  }

  private double[] sketchedAt(double[] ranks) {
    KllFloatsSketch all = emptied();
    double[] values = new double[ranks.length];
    for (int i = 0; i < ranks.length; i++) {
      values[i] = KllSketches.quantile(all, ranks[i]);
    }
    return values;
  }

  /** The compact sketch. */
  byte[] toBytes() {
    return KllSketches.toBytes(emptied());
  }

  private KllFloatsSketch ownSketch() {
    if (sketch == null) {
      sketch = KllSketches.create();
    }
    return sketch;
  }

  /** The sketch after all that is in the buffer. */
  private KllFloatsSketch emptied() {
    if (buffered > K) {
      thin();
    }
    KllFloatsSketch all = ownSketch();
    if (buffered > 0) {
      all.update(buffer, 0, buffered);
      buffered = 0;
      buffer = new float[0];
    }
    return all;
  }

  /** Hands every fourth value on; three at most stay in the buffer. */
  private void thin() {
    int kept = buffered / WEIGHT;
    int thinned = kept * WEIGHT;
    sort(thinned);
    int start = ThreadLocalRandom.current().nextInt(WEIGHT);
    float[] items = new float[kept];
    for (int i = 0; i < kept; i++) {
      items[i] = buffer[start + i * WEIGHT];
    }
    byte[] bytes = oneLevelSketch(items, buffer[0], buffer[thinned - 1]);
    ownSketch().merge(KllFloatsSketch.heapify(Memory.wrap(bytes)));
    System.arraycopy(buffer, thinned, buffer, 0, buffered - thinned);
    buffered -= thinned;
  }

  /** The documented serial form of a sketch whose items, K at most, all lie in {@link #LEVEL}. */
  private static byte[] oneLevelSketch(float[] sorted, float min, float max) {
    int levels = LEVEL + 1;
    int items = sorted.length;
    ByteBuffer bytes =
        ByteBuffer.allocate(LEVELS_AT + 4 * levels + 8 + 4 * items).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 5).put((byte) 1).put((byte) 15).put((byte) 0); // ints, version, family, flags
    bytes.putShort((short) K).put((byte) 8).put((byte) 0); // k, m, unused
    bytes
        .putLong((long) WEIGHT * items)
        .putShort((short) K)
        .put((byte) levels)
        .put((byte) 0); // n, min k, levels
    for (int level = 0; level < levels; level++) {
      bytes.putInt(CAPACITY - items); // where a level begins: all below the last are empty
    }
    bytes.putFloat(min).putFloat(max);
    for (float item : sorted) {
      bytes.putFloat(item);
    }
    return bytes.array();
  }

  /** How many items a sketch of {@link #LEVEL} + 1 levels has room for, as the library has it. */
  private static int capacity() {
    KllFloatsSketch sketch = KllSketches.create();
    ByteBuffer bytes;
    do {
      sketch.update(new float[K / 2], 0, K / 2); // too few for two levels more
      bytes = ByteBuffer.wrap(sketch.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    } while (bytes.get(LEVELS_AT - 2) <= LEVEL);
    return bytes.getInt(LEVELS_AT) + sketch.getNumRetained();
  }

  /** Sorts the first values of the buffer: by radix, since no ratio is negative. */
  private void sort(int count) {
    if (count < RADIX_FROM) {
      Arrays.sort(buffer, 0, count);
      return;
    }
    Scratch scratch = SCRATCH.get();
    int[] bits = scratch.bits;
    int[] other = scratch.other;
    int[] low = scratch.low;
    int[] middle = scratch.middle;
    int[] high = scratch.high;
    Arrays.fill(low, 0);
    Arrays.fill(middle, 0);
    Arrays.fill(high, 0);
    for (int i = 0; i < count; i++) {
      int value = Float.floatToRawIntBits(buffer[i] + 0f); // + 0 makes -0 a 0
      bits[i] = value;
      low[value & 2047]++;
      middle[(value >>> 11) & 2047]++;
      high[value >>> 22]++;
    }
    starts(low);
    starts(middle);
    starts(high);
    for (int i = 0; i < count; i++) {
      int value = bits[i];
      other[low[value & 2047]++] = value;
    }
    for (int i = 0; i < count; i++) {
      int value = other[i];
      bits[middle[(value >>> 11) & 2047]++] = value;
    }
    for (int i = 0; i < count; i++) {
      int value = bits[i];
      buffer[high[value >>> 22]++] = Float.intBitsToFloat(value);
    }
  }

  /**
   * What a sort needs, kept for the next: a new one each time costs a fifteenth of all sketching.
   */
  private static final class Scratch {
    private final int[] bits = new int[BATCH];
    private final int[] other = new int[BATCH];
    private final int[] low = new int[2048];
    private final int[] middle = new int[2048];
    private final int[] high = new int[1024];
  }

  private static void starts(int[] counts) {
    int start = 0;
    for (int i = 0; i < counts.length; i++) {
      int count = counts[i];
      counts[i] = start;
      start += count;
    }
  }

  /** Writes what {@link #read} reads. */
  void write(DataOutput out) throws IOException {
    boolean exact = isExact();
    byte[] bytes = exact ? bufferedBytes() : toBytes();
    out.writeInt(exact ? buffered : IS_SKETCH);
    if (!exact) {
      out.writeInt(bytes.length);
    }
    out.write(bytes);
  }

  static Quantiles read(DataInput in) throws IOException {
    Quantiles quantiles = new Quantiles();
    quantiles.readFrom(in);
    return quantiles;
  }

  private void readFrom(DataInput in) throws IOException {
    int values = in.readInt();
    byte[] bytes = new byte[values == IS_SKETCH ? in.readInt() : Float.BYTES * values];
    in.readFully(bytes);
    if (values == IS_SKETCH) {
      buffer = new float[0];
      sketch = KllSketches.fromBytes(bytes);
    } else {
      buffer = new float[values];
      buffered = values;
      ByteBuffer.wrap(bytes).asFloatBuffer().get(buffer);
    }
  }

  private byte[] bufferedBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * buffered);
    bytes.asFloatBuffer().put(buffer, 0, buffered);
    return bytes.array();
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    write(out);
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    readFrom(in);
  }
}
