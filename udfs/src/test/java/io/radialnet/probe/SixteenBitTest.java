package io.radialnet.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Block;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.Golden;
import io.radialnet.transformer.Transformer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How far ratios and cosines in 16 bits are from those in float32. With u the largest relative
 * error of rounding to the type, 2^-9 for bfloat16 and 2^-12 for float16: every operation rounds
 * once, and what eight additions in a row (four layers of two) round adds up like independent
 * errors, to a few u. So a number is within 16 u, and the mean over all within u.
 */
class SixteenBitTest {

  private static final ProbePlan PLAN =
      new ProbePlan(List.of(Block.values()), List.of(Measure.RATIO, Measure.COSINE));

  static Stream<Arguments> familiesAndTypes() {
    return GoldenTest.families().stream()
        .flatMap(
            family ->
                Stream.of(ElementType.BFLOAT16, ElementType.FLOAT16)
                    .map(dtype -> Arguments.of(family, dtype)));
  }

  @ParameterizedTest
  @MethodSource("familiesAndTypes")
  void numbersAreThoseOfFloat32ButForRounding(String family, ElementType dtype) throws Exception {
    float[] exact = measured(family, ElementType.FLOAT32);
    float[] rounded = measured(family, dtype);
    double sum = 0;
    double largest = 0;
    for (int i = 0; i < exact.length; i++) {
      double error = Math.abs(rounded[i] - exact[i]);
      sum += error;
      largest = Math.max(largest, error);
    }
    double unit = dtype == ElementType.BFLOAT16 ? Math.pow(2, -9) : Math.pow(2, -12);
    assertThat(largest).isPositive().isLessThan(16 * unit);
    assertThat(sum / exact.length).isLessThan(unit);
  }

  private static float[] measured(String family, ElementType dtype) throws Exception {
    try (Golden golden = Golden.of(family);
        Transformer model = golden.load(Head.UNUSED, dtype);
        Scope scope = model.newScope()) {
      ResidualProbe probe = new ResidualProbe(PLAN, scope);
      model.forward(golden.batch(scope), probe, scope);
      return probe.columns().toFloatArray();
    }
  }
}
