package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.aggregate.SyntheticProfile;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AggregateCommandTest {

  private static final String RUN = "a".repeat(16);

  @TempDir private Path directory;

  @Test
  void summaryAndJsonSayWhatWasWritten() {
    Path profile = profile().write(directory.resolve("profile"));
    LocalRun run =
        LocalRun.of(
            "aggregate",
            "--profiles=" + profile,
            "--tables=" + directory.resolve("tables"),
            "--slice-by=domain",
            "--json");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isEqualTo(ExitStatus.DONE);
    assertThat(run.out())
        .contains(
            "synthetic " + RUN + ": 60 tokens of 30 documents, median ratio 0.2500 (95 %: 0.2500",
            "domain=letters",
            "Tables in " + directory.resolve("tables"));
    JsonNode json = run.json();
    assertThat(json.path("tables").asText()).isEqualTo(directory.resolve("tables").toString());
    JsonNode one = json.path("runs").path(0);
    assertThat(one.path("run_id").asText()).isEqualTo(RUN);
    assertThat(one.path("p50").asDouble()).isEqualTo(0.25);
    assertThat(one.path("slices").findValuesAsText("slice"))
        .containsExactly("domain=letters", "first");
    assertThat(one.path("moved")).isEmpty();
    assertThat(json.path("seconds").path("total").asDouble()).isPositive();
    JsonNode clocked = json.path("task_seconds");
    assertThat(clocked.fieldNames())
        .toIterable()
        .containsExactly(
            "read", "sums", "sketches", "tokens", "layers", "variances", "documents", "states");
    assertThat(clocked).allSatisfy(part -> assertThat(part.asDouble()).isPositive());
  }

  @Test
  void configFileStandsInForFlagsAndUnfinishedProfilesAreRefused() {
    Path profile = profile().unfinished().write(directory.resolve("profile"));
    Path config =
        Samples.write(
            directory.resolve("job.properties"),
            List.of("profiles=" + profile, "tables=" + directory.resolve("tables"), "seed=3"));
    LocalRun run = LocalRun.of("aggregate", "--config", config.toString());

    assertThat(run.status()).isEqualTo(ExitStatus.WRONG_USAGE);
    assertThat(run.err())
        .isEqualTo(
            "radial: Cannot aggregate "
                + profile
                + ": its run is not finished. Run the same profile command again: it goes on where"
                + " it was interrupted.\n");
  }

  @Test
  void wrongOptionsNeedNoSession() {
    LocalRun missing = LocalRun.of("aggregate");
    assertThat(missing.status()).isEqualTo(ExitStatus.WRONG_USAGE);
    assertThat(missing.err())
        .isEqualTo(
            "radial: Missing required options: '--profiles=DIR', '--tables=DIR'."
                + " See `radial aggregate --help`.\n");

    LocalRun wrong = LocalRun.of("aggregate", "--profiles=a,a", "--tables=t", "--bootstrap=1");
    assertThat(wrong.status()).isEqualTo(ExitStatus.WRONG_USAGE);
    assertThat(wrong.err())
        .contains("--profiles is a,a, which repeats a name", "--bootstrap is 1")
        .hasLineCount(1);
  }

  private static SyntheticProfile profile() {
    SyntheticProfile profile =
        SyntheticProfile.of(RUN, 2).kept(new StructType().add("domain", DataTypes.StringType));
    for (int document = 0; document < 30; document++) {
      profile.document(
          "doc-" + document, new int[] {1, 2}, (column, token, layer) -> 0.25, "letters");
    }
    return profile;
  }
}
