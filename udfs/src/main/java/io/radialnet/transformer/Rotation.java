package io.radialnet.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Positions.Frequencies;
import io.radialnet.transformer.Positions.Rotary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The cosines and sines of rotary positions, for every position up to a length and every kind of
 * frequencies that the layers use. Angles are products of float32 numbers, as in transformers, so
 * that both round alike at far positions; R numbers of a head are rotated.
 */
final class Rotation {

  /** [cosines, sines], each (positions, R); the first half of a row of sines is negated. */
  private final Map<Frequencies, List<NDArray>> tables;

  private final Kernels kernels;

  private Rotation(Map<Frequencies, List<NDArray>> tables, Kernels kernels) {
    this.tables = tables;
    this.kernels = kernels;
  }

  /** The tables of an architecture; none where positions do not rotate. */
  static Rotation of(
      Positions positions, int length, ElementType dtype, Kernels kernels, Scope weights) {
    Map<Frequencies, List<NDArray>> tables = new LinkedHashMap<>();
    if (positions instanceof Rotary rotary) {
      for (Frequencies frequencies : rotary.layers()) {
        tables.computeIfAbsent(
            frequencies,
            kind -> table(angles(kind, rotary.rotated(), length), length, dtype, kernels, weights));
      }
    }
    return new Rotation(tables, kernels);
  }

  private static List<NDArray> table(
      double[] angles, int length, ElementType dtype, Kernels kernels, Scope weights) {
    float[] cosines = new float[angles.length];
    float[] sines = new float[angles.length];
    int columns = angles.length / length; // R
    for (int i = 0; i < angles.length; i++) {
      float sine = (float) Math.sin(angles[i]);
      cosines[i] = (float) Math.cos(angles[i]);
      sines[i] = i % columns < columns / 2 ? -sine : sine;
    }
    Shape shape = new Shape(length, columns);
    try (Scope local = weights.child()) {
      NDArray c = local.manager().create(cosines, shape);
      NDArray s = local.manager().create(sines, shape);
      return List.of(
          local.release(kernels.run(local, "cast", c, dtype.torchCode())),
          local.release(kernels.run(local, "cast", s, dtype.torchCode())));
    }
  }

  /** Radians of every position and rotated number, (positions, R) row by row. */
  private static double[] angles(Frequencies kind, int rotated, int length) {
    float[] radians = radiansAPosition(kind, rotated);
    int columns = 2 * radians.length; // R
    double[] angles = new double[length * columns];
    for (int position = 0; position < length; position++) {
      for (int i = 0; i < columns; i++) {
        angles[position * columns + i] = position * radians[i % radians.length];
      }
    }
    return angles;
  }

  /** Of each pair i of the n rotated numbers: theta^(-2i / n), then scaled. */
  private static float[] radiansAPosition(Frequencies kind, int rotated) {
    float[] radians = new float[(rotated + 1) / 2];
    for (int i = 0; i < radians.length; i++) {
      float exponent = (float) (2 * i) / rotated;
      float frequency = 1f / (float) Math.pow(kind.theta(), exponent);
      radians[i] = kind.scaling().scale(frequency);
    }
    return radians;
  }

  /**
   * The rows of a batch's positions, by kind of frequencies, created in the scope.
   *
   * @param positions int64 (N)
   * @return [cosines, sines], each (N, R)
   */
  Map<Frequencies, List<NDArray>> at(NDArray positions, Scope scope) {
    return tables.entrySet().stream()
        .collect(
            Collectors.toMap(Map.Entry::getKey, entry -> rows(entry.getValue(), positions, scope)));
  }

  private List<NDArray> rows(List<NDArray> table, NDArray positions, Scope scope) {
    return table.stream()
        .map(part -> kernels.run(scope, "embedding", part, positions, 1.0))
        .toList();
  }
}
