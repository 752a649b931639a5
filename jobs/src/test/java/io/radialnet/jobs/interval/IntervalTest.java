package io.radialnet.jobs.interval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IntervalTest {

  /** Of 20 groups Student's t at 0.025 is -2.093; sqrt(20/19) of that is the normal's 0.01588. */
  @Test
  void isOfPercentilesAsFarOutAsTheGroupsAreFew() {
    double[] figures = IntStream.rangeClosed(1, 9_999).mapToDouble(i -> i).toArray();

    Interval few = Interval.ofResamples(figures, 20);
    assertThat(few.low()).isCloseTo(158.8, within(0.5));
    assertThat(few.high()).isCloseTo(9_841.2, within(0.5));
    Interval many = Interval.ofResamples(figures, 1_000_000);
    assertThat(many.low()).isCloseTo(250, within(0.5));
  }

  @Test
  void fewUndefinedFiguresAreLeftOutAndManyMeanThatThereIsNone() {
    double[] figures = new double[200];
    Arrays.fill(figures, 3);
    Arrays.fill(figures, 0, 20, Double.NaN);
    assertThat(Interval.ofResamples(figures, 50)).isEqualTo(new Interval(3, 3));

    figures[20] = Double.NaN;
    assertThat(Interval.ofResamples(figures, 50)).isEqualTo(Interval.NONE);
    assertThat(Interval.ofResamples(new double[0], 50)).isEqualTo(Interval.NONE);
  }

  @Test
  void growsToHoldAValue() {
    assertThat(new Interval(1, 2).holding(3)).isEqualTo(new Interval(1, 3));
    assertThat(new Interval(1, 2).holding(0)).isEqualTo(new Interval(0, 2));
    assertThat(Interval.NONE.holding(1)).isEqualTo(Interval.NONE);
  }
}
