package io.radialnet.sparksql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.radialnet.error.UserException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KllSketchesTest {

  private static final double[] RANKS = {0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1};

  /** One rank in a hundred may be off by more than the bound; none is by three times as much. */
  private static final int NEVER = 3;

  /** What the values of a column may look like. */
  enum Shape {
    UNIFORM {
      @Override
      float draw(Random random) {
        return random.nextFloat();
      }
    },
    RATIOS {
      @Override
      float draw(Random random) {
        return (float) Math.exp(random.nextGaussian() - 3);
      }
    },
    TIES {
      @Override
      float draw(Random random) {
        return random.nextInt(4) / 4f;
      }
    },
    CONSTANT {
      @Override
      float draw(Random random) {
        return 0.059f;
      }
    };

    abstract float draw(Random random);
  }

  @ParameterizedTest
  @EnumSource
  void anySplitMergesToWhatOnePassGivesWithinTheBound(Shape shape) {
    int checks = 0;
    int withinBound = 0;
    for (int seed = 0; seed < 8; seed++) {
      for (int size : new int[] {1, 2, 17, 256, 257, 5_000, 40_000}) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] = shape.draw(random);
        }
        KllFloatsSketch onePass = KllSketches.create(256);
        KllSketches.update(onePass, values);
        KllFloatsSketch merged = mergedFromSplits(values, random);
        assertThat(merged.getN()).isEqualTo(size);
        Arrays.sort(values);
        for (KllFloatsSketch sketch : new KllFloatsSketch[] {onePass, merged}) {
          for (double rank : RANKS) {
            double error = rankError(values, KllSketches.quantile(sketch, rank), rank);
            assertThat(error)
                .as("%s, seed %d, %d values, rank %s", shape, seed, size, rank)
                .isLessThanOrEqualTo(NEVER * KllSketches.rankError(sketch) + 1e-9);
            checks++;
            withinBound += error <= KllSketches.rankError(sketch) + 1e-9 ? 1 : 0;
          }
        }
      }
    }
    assertThat((double) withinBound / checks).isGreaterThan(0.97);
  }

  @Test
  void upToKValuesAreExactHoweverTheyAreMerged() {
    Random random = new Random(7);
    float[] values = new float[KllSketches.DEFAULT_K];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    KllFloatsSketch merged = KllSketches.create();
    for (int from = values.length; from > 0; from -= 512) {
      KllFloatsSketch part = KllSketches.create();
      KllSketches.update(part, Arrays.copyOfRange(values, from - 512, from));
      KllSketches.merge(merged, KllSketches.toBytes(part));
    }
    Arrays.sort(values);

    assertThat(KllSketches.rankError(merged)).isZero();
    for (int i = 0; i < values.length; i++) {
      double rank = (i + 1.0) / values.length;
      assertThat(KllSketches.quantile(merged, rank)).isEqualTo(values[i]);
      assertThat(KllSketches.rank(merged, values[i])).isEqualTo(rank);
    }
  }

  @Test
  void theTablesSketchIsRightToAFewThousandths() {
    KllFloatsSketch sketch = KllSketches.create();
    IntStream.range(0, 1_000_000).forEach(i -> KllSketches.update(sketch, i));

    assertThat(KllSketches.rankError(sketch)).isCloseTo(0.0014, within(0.0001));
    assertThat(KllSketches.quantile(sketch, 0.5) / 1e6).isCloseTo(0.5, within(NEVER * 0.0014));
    assertThat(KllSketches.quantile(sketch, 0)).isZero();
    assertThat(KllSketches.quantile(sketch, 1)).isEqualTo(999_999);
    assertThat(KllSketches.toBytes(sketch)).hasSizeLessThan(25_000);
  }

  @Test
  void nanIsNoValueAndInfinityIsOne() {
    KllFloatsSketch sketch = KllSketches.create();
    KllSketches.update(sketch, Float.NaN, 1, Float.POSITIVE_INFINITY, Float.NaN, 0);

    assertThat(sketch.getN()).isEqualTo(3);
    assertThat(KllSketches.quantile(sketch, 1)).isInfinite();
    assertThat(KllSketches.quantile(sketch, 0.5)).isEqualTo(1);
    assertThat(KllSketches.rank(sketch, Float.NaN)).isNaN();
  }

  @Test
  void anEmptySketchHasNoQuantiles() {
    KllFloatsSketch sketch = KllSketches.fromBytes(KllSketches.toBytes(KllSketches.create()));

    assertThat(sketch.getN()).isZero();
    assertThat(KllSketches.quantile(sketch, 0.5)).isNaN();
    assertThat(KllSketches.rank(sketch, 1)).isNaN();
    assertThat(KllSketches.rankError(sketch)).isZero();
  }

  @Test
  void mergingTakesTheErrorOfTheSmallerK() {
    KllFloatsSketch coarse = KllSketches.create(64);
    IntStream.range(0, 1_000).forEach(i -> KllSketches.update(coarse, i));
    KllFloatsSketch fine = KllSketches.create();
    KllSketches.merge(fine, KllSketches.toBytes(coarse));

    assertThat(KllSketches.rankError(fine)).isEqualTo(KllSketches.rankError(coarse));
  }

  @Test
  void refusesAKThatDoesNotExist() {
    assertThatThrownBy(() -> KllSketches.create(7))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot create a KLL sketch: k is 7. Choose a k from 8 to 65535; the default is 2048.");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void refusesARankThatIsNone(double rank) {
    KllFloatsSketch sketch = KllSketches.create();

    assertThatThrownBy(() -> KllSketches.quantile(sketch, rank))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot take a quantile of a KLL sketch: the rank is %s. Ranks go from 0 to 1; the median is 0.5.",
            rank);
  }

  @Test
  void refusesBytesThatAreNoSketchWhereverTheyBreakOff() {
    KllFloatsSketch sketch = KllSketches.create();
    IntStream.range(0, 10_000).forEach(i -> KllSketches.update(sketch, i));
    byte[] bytes = KllSketches.toBytes(sketch);

    for (int length = 0; length < bytes.length; length++) {
      byte[] broken = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> KllSketches.fromBytes(broken))
          .isInstanceOf(UserException.class)
          .hasMessageStartingWith("Cannot read a KLL sketch of " + length + " bytes: ");
    }
  }

  @Test
  void refusesASketchWhoseCountIsWrong() {
    KllFloatsSketch sketch = KllSketches.create();
    IntStream.range(0, 10_000).forEach(i -> KllSketches.update(sketch, i));
    byte[] bytes = KllSketches.toBytes(sketch);
    bytes[8]++; // The count's lowest byte.

    assertThatThrownBy(() -> KllSketches.fromBytes(bytes))
        .hasMessageContaining("its weights do not add up to its count");
  }

  private static KllFloatsSketch mergedFromSplits(float[] values, Random random) {
    KllFloatsSketch merged = KllSketches.create(256);
    int from = 0;
    while (from < values.length) {
      int to = Math.min(values.length, from + 1 + random.nextInt(3_000));
      KllFloatsSketch part = KllSketches.create(256);
      KllSketches.update(part, Arrays.copyOfRange(values, from, to));
      KllSketches.merge(merged, KllSketches.toBytes(part));
      from = to;
    }
    return merged;
  }

  /** How far {@code rank} is from the ranks that {@code value} has among sorted values. */
  private static double rankError(float[] sorted, float value, double rank) {
    double below = 0;
    double atMost = 0;
    for (float other : sorted) {
      below += other < value ? 1 : 0;
      atMost += other <= value ? 1 : 0;
    }
    return Math.max(0, Math.max(below / sorted.length - rank, rank - atMost / sorted.length));
  }
}
