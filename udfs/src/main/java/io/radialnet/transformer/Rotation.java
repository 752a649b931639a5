package io.radialnet.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Positions.Rotary;
import java.util.List;

/**
 * The cosines and sines of rotary positions, for every position up to a length. Angles are products
 * of float32 numbers, as in transformers, so that both round alike at far positions.
 */
final class Rotation {

  private final NDArray cosines; // (positions, D)
  private final NDArray sines; // (positions, D)

  private Rotation(NDArray cosines, NDArray sines) {
    this.cosines = cosines;
    this.sines = sines;
  }

  static Rotation of(Rotary rotary, int headSize, int positions, Scope weights) {
    float[] frequencies = frequencies(rotary, headSize);
    float[] cosines = new float[positions * headSize];
    float[] sines = new float[positions * headSize];
    int half = headSize / 2;
    for (int position = 0; position < positions; position++) {
      for (int i = 0; i < headSize; i++) {
        double angle = position * frequencies[i % half];
        cosines[position * headSize + i] = (float) Math.cos(angle);
        sines[position * headSize + i] = (float) Math.sin(angle);
      }
    }
    Shape shape = new Shape(positions, headSize);
    return new Rotation(
        weights.manager().create(cosines, shape), weights.manager().create(sines, shape));
  }

  /** Radians a position of each pair: theta^(-2i / D), then scaled. */
  private static float[] frequencies(Rotary rotary, int headSize) {
    float[] frequencies = new float[headSize / 2];
    for (int i = 0; i < frequencies.length; i++) {
      float exponent = (float) (2 * i) / headSize;
      float frequency = 1f / (float) Math.pow(rotary.theta(), exponent);
      frequencies[i] = rotary.scaling().scale(frequency);
    }
    return frequencies;
  }

  /**
   * The rows of positions 0 (inclusive) to length (exclusive), each (T, D), created in the scope.
   */
  List<NDArray> first(long length, Scope scope) {
    NDArray c = cosines.get(scope.manager(), new NDIndex("0:{}", length));
    NDArray s = sines.get(scope.manager(), new NDIndex("0:{}", length));
    return List.of(c, s);
  }
}
