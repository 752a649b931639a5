package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.routerfit.SyntheticExamples;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user types it. */
@ExtendWith(SparkSessionExtension.class)
class FitRoutersCommandTest {

  @TempDir private Path directory;

  @Test
  void fitsTellsAndRefusesToReplace(SparkSession spark) {
    Path examples =
        SyntheticExamples.write(
            spark, directory.resolve("examples"), SyntheticExamples.rows(60, 6));
    String[] command = {
      "fit-routers",
      "--examples=" + examples,
      "--out=" + directory.resolve("out"),
      "--tables=" + directory.resolve("tables"),
      "--learner=logistic",
      "--regularization=0.01",
      "--iterations=3",
      "--transfer=none",
      "--bootstrap=0",
      "--json"
    };

    LocalRun run = LocalRun.of(command);
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("synthetic: 4 routers for blocks under 0.2, fitted on")
        .contains("attn, mean AUC of 2 layers: logistic ")
        .contains("previous_ratio ", "base_rate ")
        .contains("logistic ranks better than both baselines in 0 of 4 blocks; no better, or not");
    JsonNode json = run.json();
    assertThat(json.path("status").asText()).isEqualTo("complete");
    assertThat(json.path("options").path("transfer").asText()).isEqualTo("none");
    // A user's own tools read the table.
    assertThat(
            DuckDb.column(
                "select distinct learner from "
                    + DuckDb.table(directory.resolve("tables"), "router_quality")
                    + " order by learner"))
        .containsExactly("base_rate", "logistic", "previous_ratio");

    LocalRun again = LocalRun.of(command);
    assertThat(again.status()).isEqualTo(2);
    assertThat(again.err())
        .contains("it holds finished routers of run")
        .endsWith("Choose another --out, or --overwrite to replace them.\n")
        .hasLineCount(1);
  }

  @Test
  void anUnfinishedDirectoryIsWrongInput(SparkSession spark) {
    Path examples =
        SyntheticExamples.write(
            spark,
            directory.resolve("examples"),
            SyntheticExamples.rows(12, 1),
            manifest -> manifest.put("status", "incomplete"));
    LocalRun run =
        LocalRun.of("fit-routers", "--examples=" + examples, "--out=" + directory.resolve("out"));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("their run is not finished").hasLineCount(1);
    assertThat(directory.resolve("out")).doesNotExist();
  }

  @Test
  void unknownLearnersAreWrongUsage() {
    LocalRun learner = LocalRun.of("fit-routers", "--examples=e", "--out=o", "--learner=svm");
    assertThat(learner.status()).isEqualTo(2);
    assertThat(learner.err()).contains("expected one of mlp, logistic, gbt but was 'svm'");
    LocalRun transfer = LocalRun.of("fit-routers", "--examples=e", "--out=o", "--transfer=svm");
    assertThat(transfer.status()).isEqualTo(2);
    assertThat(transfer.err())
        .contains("'--transfer': expected one of mlp, logistic, gbt, none but was 'svm'");
  }
}
