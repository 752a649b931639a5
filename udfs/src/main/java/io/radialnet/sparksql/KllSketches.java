package io.radialnet.sparksql;

import io.radialnet.error.UserException;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.quantilescommon.QuantilesFloatsSketchIterator;

/**
 * Quantile sketches as the tables store them: the compact serialized form of DataSketches' {@link
 * KllFloatsSketch}, which the DataSketches library of any language reads and merges.
 *
 * <p>A sketch of k values or fewer is exact and the same in whatever order they came. A larger one
 * drops half of some values by coin tosses: ranks are then right within {@link #rankError}, with
 * about 99 % confidence for each, and two sketches of the same values differ within that. The coin
 * is one for the whole JVM and has no seed, so nothing but exactness makes a sketch reproducible.
 *
 * <p>Sketches are neither serializable nor thread-safe; the byte arrays are what travels.
 */
public final class KllSketches {

  /** A rank error of 0.14 %, in about 24 KB for a million values. What the tables hold. */
  public static final int DEFAULT_K = 2048;

  /** The smallest k there is: a rank error of 30 %. */
  public static final int MIN_K = 8;

  /** The largest k there is: a rank error of 0.005 %. */
  public static final int MAX_K = 65_535;

  private KllSketches() {}

  /** An empty sketch of {@link #DEFAULT_K}. */
  public static KllFloatsSketch create() {
    return create(DEFAULT_K);
  }

  /**
   * An empty sketch.
   *
   * @param k how many values it holds exactly, {@link #MIN_K} to {@link #MAX_K}
   */
  public static KllFloatsSketch create(int k) {
    if (k < MIN_K || k > MAX_K) {
      throw UserException.of(
          "Cannot create a KLL sketch",
          "k is " + k,
          "Choose a k from " + MIN_K + " to " + MAX_K + "; the default is " + DEFAULT_K);
    }
    return KllFloatsSketch.newHeapInstance(k);
  }

  /** Adds values to a sketch. NaN is no value and is left out; infinities are values. */
  public static void update(KllFloatsSketch sketch, float... values) {
    sketch.update(values, 0, values.length);
  }

  /**
   * Adds all values of a serialized sketch to another. Sketches of different k merge; the error is
   * then that of the smaller k.
   *
   * @throws UserException if the bytes are not a sketch
   */
  public static void merge(KllFloatsSketch sketch, byte[] other) {
    sketch.merge(fromBytes(other));
  }

  /** The compact serialized form, independent of the machine. */
  public static byte[] toBytes(KllFloatsSketch sketch) {
    return sketch.toByteArray();
  }

  /**
   * A sketch of its own memory from a serialized one.
   *
   * @throws UserException if the bytes are not a sketch
   */
  public static KllFloatsSketch fromBytes(byte[] bytes) {
    try {
      KllFloatsSketch sketch = KllFloatsSketch.heapify(Memory.wrap(bytes));
      if (weight(sketch) != sketch.getN()) {
        throw unreadable(bytes, "its weights do not add up to its count", null);
      }
      return sketch;
    } catch (UserException e) {
      throw e;
    } catch (RuntimeException | AssertionError e) { // What the library throws depends on the byte.
      throw unreadable(bytes, e.toString(), e);
    }
  }

  /**
   * The smallest of the values whose rank reaches {@code rank}; NaN for an empty sketch.
   *
   * @param rank share of the values, 0 (the minimum) to 1 (the maximum)
   */
  public static float quantile(KllFloatsSketch sketch, double rank) {
    if (!(rank >= 0 && rank <= 1)) {
      throw UserException.of(
          "Cannot take a quantile of a KLL sketch",
          "the rank is " + rank,
          "Ranks go from 0 to 1; the median is 0.5");
    }
    return sketch.isEmpty() ? Float.NaN : sketch.getQuantile(rank);
  }

  /** The share of the values that are at most {@code value}; NaN for an empty sketch. */
  public static double rank(KllFloatsSketch sketch, float value) {
    return sketch.isEmpty() || Float.isNaN(value) ? Double.NaN : sketch.getRank(value);
  }

  /**
   * How far a rank may be off, as a share of the values, with about 99 % confidence: 0 while the
   * sketch still holds every value.
   */
  public static double rankError(KllFloatsSketch sketch) {
    return sketch.isEstimationMode() ? sketch.getNormalizedRankError(false) : 0;
  }

  private static long weight(KllFloatsSketch sketch) {
    long weight = 0;
    QuantilesFloatsSketchIterator items = sketch.iterator();
    while (items.next()) {
      weight += items.getWeight();
    }
    return weight;
  }

  private static UserException unreadable(byte[] bytes, String cause, Throwable origin) {
    return UserException.of(
        "Cannot read a KLL sketch of " + bytes.length + " bytes",
        cause,
        "Pass a KLL sketch of floats, as radial_kll_build or DataSketches serializes it",
        origin);
  }
}
