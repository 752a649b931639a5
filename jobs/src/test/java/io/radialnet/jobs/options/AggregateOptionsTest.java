package io.radialnet.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregateOptionsTest {

  @Test
  void defaultsAreThoseOfTheContract() {
    AggregateOptions options = AggregateOptions.builder(List.of("p"), "t").build();

    assertThat(options.sliceBy()).isEmpty();
    assertThat(options.pool()).isEmpty();
    assertThat(options.bootstrap()).isEqualTo(200);
    assertThat(options.seed()).isEqualTo(1);
  }

  @Test
  void everyKeyCanBeSet() {
    AggregateOptions options =
        AggregateOptions.builder(List.of("hdfs://a/monday", "s3a://b/tuesday"), "file:/tables")
            .sliceBy("domain", "year")
            .pool("week-48")
            .bootstrap(1_000)
            .seed(-7)
            .build();

    assertThat(options.toMap())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "profiles", "hdfs://a/monday,s3a://b/tuesday",
                "tables", "file:/tables",
                "slice-by", "domain,year",
                "pool", "week-48",
                "bootstrap", "1000",
                "seed", "-7"));
  }

  @Test
  void allProblemsAreReportedTogether() {
    assertThatThrownBy(
            () ->
                AggregateOptions.builder(List.of("a/", "a", " "), "a//")
                    .sliceBy("domain", "domain", "")
                    .pool("../up")
                    .bootstrap(7)
                    .build())
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot aggregate with these options: --profiles has an empty name;"
                + " --profiles is a,a, , which repeats a name;"
                + " --tables and --profiles name the same place, a//;"
                + " --slice-by has an empty name;"
                + " --slice-by is domain,domain,, which repeats a name;"
                + " --pool is '../up', expected a letter or digit and then at most 63 letters,"
                + " digits, _ . or -;"
                + " --bootstrap is 7, expected 0 (no intervals) or 100 to 10000."
                + " Correct them; `radial aggregate --help` explains each.");
  }

  @Test
  void somethingMustBeNamed() {
    assertThatThrownBy(() -> AggregateOptions.builder(List.of(), " ").build())
        .hasMessageContaining("--profiles is empty; --tables is empty");
  }

  @Test
  void poolMustNotLookLikeARun() {
    assertThatThrownBy(
            () -> AggregateOptions.builder(List.of("p"), "t").pool("0123456789abcdef").build())
        .hasMessageContaining("--pool is '0123456789abcdef', which looks like a run_id");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 10_000})
  void boundsOfTheResamplesAreAllowed(int resamples) {
    assertThat(AggregateOptions.builder(List.of("p"), "t").bootstrap(resamples).build().bootstrap())
        .isEqualTo(resamples);
  }
}
