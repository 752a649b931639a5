package io.radialnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radialnet.probe.Measure;
import io.radialnet.probe.ProbePlan;
import io.radialnet.transformer.Block;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.Golden;
import io.radialnet.transformer.Transformer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchProfilerTest {

  static final ProbePlan PLAN =
      new ProbePlan(List.of(Block.MLP, Block.ATTN), List.of(Measure.RATIO));

  @Test
  void eachWindowGetsItsOwnNumbersTokenByToken() throws Exception {
    try (Golden golden = Golden.of("opt");
        Transformer model = golden.load(Head.USED)) {
      List<WindowMeasures> windows =
          new BatchProfiler(model, PLAN, Head.USED).profile(golden.sequences());
      float[] update = golden.floats("mlp.update"); // (L, B, T)
      float[] output = golden.floats("mlp.output");
      int layers = model.architecture().layers();
      for (int b = 0; b < golden.rows(); b++) {
        int length = golden.lengths()[b];
        float[] ratios = windows.get(b).columns()[0]; // (T, L)
        assertThat(ratios).hasSize(length * layers);
        for (int t = 0; t < length; t++) {
          for (int l = 0; l < layers; l++) {
            int at = (l * golden.rows() + b) * golden.longestSequence() + t;
            assertThat(ratios[t * layers + l]).isCloseTo(update[at] / output[at], within(2e-5f));
          }
        }
        float[] surprisal = windows.get(b).surprisal();
        assertThat(surprisal).hasSize(length);
        assertThat(surprisal[0]).isNaN();
        for (int t = 1; t < length; t++) {
          assertThat(surprisal[t]).isPositive();
        }
        assertThat(windows.get(b).firstColumnNotFinite()).isEmpty();
      }
    }
  }

  @Test
  void windowsOfOneTokenWork() throws Exception {
    try (Golden golden = Golden.of("llama");
        Transformer model = golden.load(Head.USED)) {
      List<WindowMeasures> windows =
          new BatchProfiler(model, PLAN, Head.USED).profile(List.of(new int[] {7}));
      assertThat(windows.get(0).columns()[0]).hasSize(model.architecture().layers());
      assertThat(windows.get(0).surprisal()).containsExactly(Float.NaN);
    }
  }

  @Test
  void numbersThatAreNotFiniteAreFound() {
    float[][] columns = {{1, 2}, {3, Float.POSITIVE_INFINITY}};
    assertThat(new WindowMeasures(columns, null).firstColumnNotFinite()).hasValue(1);
  }

  @Test
  void nativeMemoryDoesNotGrowOverThousandsOfBatches() throws Exception {
    // In a process of its own, whose Java heap is touched at the start: what grows is native.
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-Dai.djl.pytorch.num_threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                NativeGrowth.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String growth =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    assertThat(process.waitFor()).isZero();
    // One leaked (B, T, E) array a batch would be 29 MB, one a layer 118 MB.
    assertThat(Long.parseLong(growth)).isLessThan(16L << 20);
  }
}
