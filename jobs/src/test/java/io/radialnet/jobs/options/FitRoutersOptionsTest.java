package io.radialnet.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FitRoutersOptionsTest {

  @Test
  void defaultsAreThoseOfTheHelp() {
    FitRoutersOptions options = FitRoutersOptions.builder("e", "o/").build();

    assertThat(options.tables()).isEqualTo("o/tables");
    assertThat(options.learners()).containsExactly(Learner.MLP, Learner.LOGISTIC, Learner.GBT);
    assertThat(options.hidden()).containsExactly(16);
    assertThat(options.regularization()).containsExactly(0.0001, 0.01);
    assertThat(options.depth()).containsExactly(4);
    assertThat(options.trees()).isEqualTo(20);
    assertThat(options.iterations()).isEqualTo(30);
    assertThat(options.tuneExamples()).isEqualTo(10_000);
    assertThat(options.shares()).containsExactly(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
    assertThat(options.transfer()).contains(Learner.LOGISTIC);
    assertThat(options.bootstrap()).isEqualTo(200);
    assertThat(options.seed()).isEqualTo(1);
    assertThat(options.parallelism()).isEmpty();
    assertThat(options.overwrite()).isFalse();
    assertThat(FitRoutersOptions.builder("e", "o").learners(Learner.MLP).build().transfer())
        .isEmpty();
  }

  @Test
  void everyKeyCanBeSet() {
    FitRoutersOptions options =
        FitRoutersOptions.builder("hdfs://a/examples", "file:/out")
            .tables("file:/tables")
            .learners(Learner.GBT, Learner.MLP)
            .hidden(List.of(4))
            .regularization(List.of(0.0, 0.5))
            .depth(List.of(2, 6))
            .trees(7)
            .iterations(9)
            .tuneExamples(500)
            .shares(List.of(0.5, 0.25))
            .transfer(Learner.GBT)
            .bootstrap(0)
            .seed(42)
            .parallelism(3)
            .overwriting()
            .build();

    assertThat(options.toMap())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("examples", "hdfs://a/examples"),
                Map.entry("out", "file:/out"),
                Map.entry("tables", "file:/tables"),
                Map.entry("learner", "gbt,mlp"),
                Map.entry("hidden", "4"),
                Map.entry("regularization", "0.0,0.5"),
                Map.entry("depth", "2,6"),
                Map.entry("trees", "7"),
                Map.entry("iterations", "9"),
                Map.entry("tune-examples", "500"),
                Map.entry("shares", "0.25,0.5"),
                Map.entry("transfer", "gbt"),
                Map.entry("bootstrap", "0"),
                Map.entry("seed", "42"),
                Map.entry("parallelism", "3"),
                Map.entry("overwrite", "true")));
  }

  @Test
  void allProblemsAreReportedTogether() {
    FitRoutersOptions.Builder wrong =
        FitRoutersOptions.builder("same", "same/")
            .learners(Learner.MLP, Learner.MLP)
            .hidden(List.of(0))
            .regularization(List.of(-1.0))
            .depth(List.of(31))
            .trees(0)
            .iterations(0)
            .tuneExamples(99)
            .shares(List.of(0.5, 1.0))
            .transfer(Learner.GBT)
            .bootstrap(99)
            .parallelism(0);

    assertThatThrownBy(wrong::build)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot fit routers with these options: --out and --examples name the same place,"
                + " same/; --learner is mlp,mlp, which repeats a value; --hidden is 0, expected"
                + " each 1 to 4096; --regularization is -1.0, expected each 0 or more; --depth is"
                + " 31, expected each 1 to 30; --shares is 0.5,1.0, expected each above 0 and under"
                + " 1; --trees is 0, expected 1 to 1000; --iterations is 0, expected at least 1;"
                + " --tune-examples is 99, expected at least 100; --bootstrap is 99, expected 100"
                + " to 10000; --parallelism is 0, expected at least 1; --transfer is gbt, which is"
                + " not of --learner. Correct them; `radial fit-routers --help` explains each.");
  }

  @Test
  void emptyListsAndPlacesAreNamed() {
    FitRoutersOptions.Builder empty =
        FitRoutersOptions.builder(" ", "").tables("").learners().shares(List.of());

    assertThatThrownBy(empty::build)
        .isInstanceOf(UserException.class)
        .hasMessageContaining(
            "--examples is empty; --out is empty; --tables is empty; --learner is empty; --shares"
                + " is empty");
  }
}
