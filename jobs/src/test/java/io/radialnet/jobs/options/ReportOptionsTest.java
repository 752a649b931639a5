package io.radialnet.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportOptionsTest {

  @Test
  void byDefaultADocumentIsChosenAndProfilesAreWhereTheyWere() {
    ReportOptions options = ReportOptions.builder("t", "o.html").build();

    assertThat(options.document()).isEmpty();
    assertThat(options.profiles()).isEmpty();
    assertThat(options.toMap()).isEqualTo(Map.of("tables", "t", "out", "o.html"));
  }

  @Test
  void everyKeyCanBeSet() {
    ReportOptions options =
        ReportOptions.builder("hdfs://a/t", "s3a://b/o.html")
            .profiles(List.of("p", "q"))
            .document("books/7")
            .build();

    assertThat(options.toMap())
        .isEqualTo(
            Map.of(
                "tables", "hdfs://a/t",
                "out", "s3a://b/o.html",
                "profiles", "p,q",
                "document", "books/7"));
  }

  @Test
  void allProblemsAreReportedTogether() {
    assertThatThrownBy(
            () ->
                ReportOptions.builder(" ", "pages/")
                    .profiles(List.of("p", "p"))
                    .document("")
                    .build())
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot report with these options: --tables is empty; --out is pages/, a directory;"
                + " expected a file such as report.html; --profiles is p,p, which repeats a name;"
                + " --document is empty. Correct them; `radial report --help` explains each.");
  }
}
