package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BarChartTest {

  @Test
  void drawsEighthsOfACharacter() {
    assertThat(
            new BarChart(50, StandardCharsets.UTF_8)
                .lines("layer", series(new double[] {0.8, 0.25}, new double[] {0.4, 0.01})))
        .containsExactly(
            "layer   attn                   mlp",
            "    0  0.800 █████████████   0.400 ██████▌",
            "    1  0.250 ████▏           0.010 ▏");
  }

  @Test
  void fallsBackToAscii() {
    assertThat(
            new BarChart(50, StandardCharsets.US_ASCII)
                .lines("layer", series(new double[] {0.8, 0.25}, new double[] {0.4, 0.01})))
        .containsExactly(
            "layer   attn                   mlp",
            "    0  0.800 #############   0.400 #######",
            "    1  0.250 ####            0.010");
  }

  @Test
  void showsADashForAValueThatIsMissing() {
    assertThat(
            new BarChart(50, StandardCharsets.US_ASCII)
                .lines("layer", series(new double[] {1, Double.NaN}, new double[] {0})))
        .containsExactly(
            "layer   attn                   mlp",
            "    0  1.000 #############   0.000",
            "    1      -                     -");
  }

  @Test
  void fitsAnyTerminal() {
    Map<String, double[]> series = series(new double[] {0.8}, new double[] {0.8});
    for (int columns : new int[] {32, 80, 120, 300}) {
      assertThat(new BarChart(columns, StandardCharsets.UTF_8).lines("layer", series))
          .allMatch(line -> line.length() <= columns);
    }
  }

  @Test
  void hasAHeaderOnlyWithoutRows() {
    assertThat(
            new BarChart(80, StandardCharsets.UTF_8)
                .lines("layer", series(new double[0], new double[0])))
        .hasSize(1);
  }

  private static Map<String, double[]> series(double[] attn, double[] mlp) {
    Map<String, double[]> series = new LinkedHashMap<>();
    series.put("attn", attn);
    series.put("mlp", mlp);
    return series;
  }
}
