package io.radialnet.jobs.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CorpusOptionsTest {

  @Test
  void defaultsTakeEverything() {
    assertThat(CorpusOptions.of("a"))
        .isEqualTo(
            new CorpusOptions(
                List.of("a"), CorpusFormat.AUTO, "text", Optional.empty(), List.of(), 0, 1.0));
  }

  @Test
  void everyOptionCanBeSet() {
    CorpusOptions options =
        CorpusOptions.of("a")
            .withFormat(CorpusFormat.CSV)
            .withTextColumn("body")
            .withIdColumn("key")
            .withKeepColumns(List.of("domain"))
            .withLimitDocs(5)
            .withSampleFraction(0.5);
    assertThat(options)
        .isEqualTo(
            new CorpusOptions(
                List.of("a"),
                CorpusFormat.CSV,
                "body",
                Optional.of("key"),
                List.of("domain"),
                5,
                0.5));
  }

  @Test
  void allProblemsAreReportedTogether() {
    List<String> keep = List.of("Token", "attn_cosine", "shard", "domain", "DOMAIN");
    assertThatThrownBy(
            () ->
                new CorpusOptions(
                    List.of("a"), CorpusFormat.AUTO, "text", Optional.empty(), keep, -1, 0))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot read corpus a: limit-docs is -1, below 0; sample-fraction is 0.0, not above 0"
                + " and at most 1; column 'Token' cannot be kept, for token_ratios has one of that"
                + " name; column 'attn_cosine' cannot be kept, for token_ratios has one of that"
                + " name; column 'shard' cannot be kept, for token_ratios has one of that name;"
                + " column 'DOMAIN' is kept twice (Spark ignores case). Correct the options.");
  }
}
