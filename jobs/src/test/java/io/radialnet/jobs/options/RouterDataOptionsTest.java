package io.radialnet.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouterDataOptionsTest {

  @Test
  void defaultsAreThoseOfTheContract() {
    RouterDataOptions options = RouterDataOptions.builder("m", "c", "p", "o").build();

    assertThat(options.threshold()).isEqualTo(0.1);
    assertThat(options.examples()).isEqualTo(500_000);
    assertThat(options.seed()).isEqualTo(1);
    assertThat(options.sliceBy()).isEmpty();
    assertThat(options.projection()).isEqualTo(32);
    assertThat(options.dtype()).isEqualTo(Dtype.AUTO);
    assertThat(options.device()).isEqualTo(DeviceChoice.AUTO);
    assertThat(options.batchTokens()).isEqualTo(2048);
    assertThat(options.overwrite()).isFalse();
    assertThat(options.toMap()).doesNotContainKey("slice-by");
  }

  @Test
  void everyKeyCanBeSet() {
    RouterDataOptions options =
        RouterDataOptions.builder("hdfs://a/model", "s3a://b/*.jsonl", "file:/ratios", "file:/out")
            .threshold(0.05)
            .examples(5_000_000)
            .seed(-3)
            .sliceBy("year")
            .projection(64)
            .dtype(Dtype.BFLOAT16)
            .device(DeviceChoice.CPU)
            .batchTokens(512)
            .overwriting()
            .build();

    assertThat(options.toMap())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("model", "hdfs://a/model"),
                Map.entry("corpus", "s3a://b/*.jsonl"),
                Map.entry("profile", "file:/ratios"),
                Map.entry("out", "file:/out"),
                Map.entry("threshold", "0.05"),
                Map.entry("examples", "5000000"),
                Map.entry("seed", "-3"),
                Map.entry("slice-by", "year"),
                Map.entry("projection", "64"),
                Map.entry("dtype", "bfloat16"),
                Map.entry("device", "cpu"),
                Map.entry("batch-tokens", "512"),
                Map.entry("overwrite", "true")));
  }

  @Test
  void allProblemsAreReportedTogether() {
    assertThatThrownBy(
            () ->
                RouterDataOptions.builder(" ", "data", "ratios/", "ratios")
                    .threshold(1)
                    .examples(0)
                    .sliceBy("")
                    .projection(5000)
                    .batchTokens(-1)
                    .build())
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot make router examples with these options: --model is empty;"
                + " --out and --profile are the same place, ratios;"
                + " --threshold is 1.0, expected above 0 and below 1;"
                + " --examples is 0, expected at least 1;"
                + " --slice-by is empty;"
                + " --projection is 5000, expected 1 to 4096;"
                + " --batch-tokens is -1, expected at least 1."
                + " Correct them; `radial router-data --help` explains each.");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1, 1.5, Double.NaN})
  void thresholdsAreShares(double threshold) {
    RouterDataOptions.Builder options =
        RouterDataOptions.builder("m", "c", "p", "o").threshold(threshold);

    assertThatThrownBy(options::build)
        .isInstanceOf(UserException.class)
        .hasMessageContaining(
            "--threshold is " + threshold + ", expected above 0 and below 1. Correct");
  }
}
