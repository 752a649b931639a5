package io.radialnet.sparksql;

import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;

/**
 * What the functions on serialized sketches compute, in Spark's own representation of values.
 * Public for the code that Spark generates; call {@link RadialFunctions} or {@link KllSketches}
 * instead.
 */
public final class SketchMethods {

  private SketchMethods() {}

  /** The value at a rank; null for an empty sketch. */
  public static Float quantile(byte[] sketch, double rank) {
    return orNull(KllSketches.quantile(KllSketches.fromBytes(sketch), rank));
  }

  /** The values at several ranks; null where the rank is, or throughout for an empty sketch. */
  public static ArrayData quantile(byte[] sketch, ArrayData ranks) {
    KllFloatsSketch read = KllSketches.fromBytes(sketch);
    Float[] quantiles = new Float[ranks.numElements()];
    for (int i = 0; i < quantiles.length; i++) {
      quantiles[i] =
          ranks.isNullAt(i) ? null : orNull(KllSketches.quantile(read, ranks.getDouble(i)));
    }
    return new GenericArrayData(quantiles);
  }

  /** The share of values up to one; null for an empty sketch and for NaN. */
  public static Double rank(byte[] sketch, double value) {
    double rank = KllSketches.rank(KllSketches.fromBytes(sketch), (float) value);
    return Double.isNaN(rank) ? null : rank;
  }

  /** How many values went in. */
  public static long count(byte[] sketch) {
    return KllSketches.fromBytes(sketch).getN();
  }

  /** How far a rank may be off. */
  public static double rankError(byte[] sketch) {
    return KllSketches.rankError(KllSketches.fromBytes(sketch));
  }

  private static Float orNull(float value) {
    return Float.isNaN(value) ? null : value;
  }
}
