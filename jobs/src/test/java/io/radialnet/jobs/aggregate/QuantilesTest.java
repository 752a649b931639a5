package io.radialnet.jobs.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.sparksql.KllSketches;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantilesTest {

  /** Twice what a single rank keeps to with 99 % confidence: many are checked. */
  private static final double RANK_ERROR = 0.0028;

  private static final double[] RANKS = {0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1};

  @Test
  void nothingHasNoQuantiles() {
    assertThat(new Quantiles().at(0, 0.5, 1)).containsOnly(Double.NaN);
    assertThat(new Quantiles().count()).isZero();
  }

  @Test
  void fewValuesAreExact() {
    Quantiles quantiles = new Quantiles();
    for (int i = 2_000; i > 0; i--) {
      quantiles.add(i);
    }
    assertThat(quantiles.at(0.25, 0.5, 0.75, 1)).containsExactly(500, 1000, 1500, 2000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 60})
  void anySplitIsOnePassWithinTheRankError(int parts) {
    SplittableRandom random = new SplittableRandom(parts);
    float[] values = new float[300_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.exp(random.nextDouble() * 8 - 6); // many scales, in no order
    }
    Arrays.sort(values, 0, 100_000); // and in order
    Quantiles merged = new Quantiles();
    int from = 0;
    for (int part = 1; part <= parts; part++) {
      int to = part == parts ? values.length : from + random.nextInt((values.length - from) / 3);
      Quantiles one = new Quantiles();
      if (part % 2 == 0) {
        for (int i = from; i < to; i++) {
          one.add(values[i]);
        }
      } else {
        one.add(values, from, to - from);
      }
      merged.merge(part % 3 == 0 ? Quantiles.fromBytes(one.toBytes()) : one);
      from = to;
    }

    assertThat(merged.count()).isEqualTo(values.length);
    Arrays.sort(values);
    double[] quantiles = merged.at(RANKS);
    for (int i = 0; i < RANKS.length; i++) {
      float quantile = (float) quantiles[i];
      assertThat(rankBelow(values, quantile)).isLessThanOrEqualTo(RANKS[i] + RANK_ERROR);
      assertThat(rankBelow(values, Math.nextUp(quantile)))
          .isGreaterThanOrEqualTo(RANKS[i] - RANK_ERROR);
    }
    assertThat(quantiles[0]).isEqualTo(values[0]);
    assertThat(quantiles[RANKS.length - 1]).isEqualTo(values[values.length - 1]);
  }

  /** The share of sorted values under a value. */
  private static double rankBelow(float[] sorted, float value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return (double) low / sorted.length;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 511, 512, 1000, 2048})
  void fewValuesHaveTheQuantilesOfTheirSketch(int count) {
    SplittableRandom random = new SplittableRandom(count);
    Quantiles quantiles = new Quantiles();
    for (int i = 0; i < count; i++) {
      quantiles.add((float) (random.nextInt(200) / 100.0)); // with ties
    }
    double[] exact = quantiles.at(RANKS);
    var sketch = KllSketches.fromBytes(quantiles.toBytes());
    for (int i = 0; i < RANKS.length; i++) {
      assertThat(exact[i]).isEqualTo(KllSketches.quantile(sketch, RANKS[i]));
    }
  }

  @Test
  void bytesAreASketchOfTheSqlFunctions() {
    Quantiles quantiles = new Quantiles();
    for (int i = 1; i <= 50_000; i++) {
      quantiles.add(i);
    }
    var sketch = KllSketches.fromBytes(quantiles.toBytes());

    assertThat(sketch.getK()).isEqualTo(KllSketches.DEFAULT_K);
    assertThat(sketch.getN()).isEqualTo(50_000);
    assertThat((double) KllSketches.quantile(sketch, 0.5)).isEqualTo(quantiles.at(0.5)[0]);
    assertThat(KllSketches.rankError(sketch)).isLessThan(0.0015);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2_048, 2_049, 10_000})
  void valuesSurviveSerialization(int count) throws Exception {
    Quantiles quantiles = new Quantiles();
    for (int i = 1; i <= count; i++) {
      quantiles.add(i);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(quantiles);
    }
    Quantiles back;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      back = (Quantiles) in.readObject();
    }

    assertThat(back.count()).isEqualTo(count);
    assertThat(back.at(RANKS)).isEqualTo(quantiles.at(RANKS));
    back.add(20_000);
    assertThat(back.at(1)).containsExactly(20_000);
  }
}
