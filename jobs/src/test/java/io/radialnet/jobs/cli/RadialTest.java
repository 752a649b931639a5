package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Usage, and what goes wrong before any Spark session is opened. */
class RadialTest {

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void unknownOptionSuggestsTheNearest() {
    assertThat(run("profile", "--model", "m", "--corpsu=c", "--out", "o")).isEqualTo(2);
    assertThat(err)
        .hasToString(
            "radial: Unknown option: '--corpsu=c'. Did you mean --corpus?"
                + " See `radial profile --help`.\n");
  }

  @Test
  void unknownCommandSuggestsTheNearest() {
    assertThat(run("profil")).isEqualTo(2);
    assertThat(err)
        .hasToString(
            "radial: Unmatched argument at index 0: 'profil'. Did you mean profile?"
                + " See `radial --help`.\n");
  }

  @Test
  void missingCommandIsWrongUsage() {
    assertThat(run()).isEqualTo(2);
    assertThat(err).hasToString("radial: Missing COMMAND. See `radial --help`.\n");
  }

  @Test
  void missingOptionsAreNamedTogether() {
    assertThat(run("profile")).isEqualTo(2);
    assertThat(err)
        .hasToString(
            "radial: Missing required options: '--model=DIR', '--corpus=PATH', '--out=DIR'."
                + " See `radial profile --help`.\n");
  }

  @Test
  void unknownNameListsThoseThereAre() {
    assertThat(run("profile", "--model=m", "--corpus=c", "--out=o", "--blocks", "attn,head"))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("--blocks", "expected one of attn, mlp, layer but was 'head'")
        .hasLineCount(1);
  }

  @Test
  void wrongValuesAreReportedTogetherInOneLine() {
    assertThat(
            run(
                "profile",
                "--model=m",
                "--corpus=c",
                "--out=o",
                "--batch-tokens=0",
                "--weights=streamed"))
        .isEqualTo(2);
    assertThat(err)
        .hasToString(
            "radial: Cannot profile with these options: --weights is streamed, this version holds"
                + " all weights in memory; --batch-tokens is 0, expected at least 1. Correct them;"
                + " `radial profile --help` explains each.\n");
  }

  @Test
  void configFileStandsInForFlags() throws IOException {
    Path config = config("model = m\ncorpus = c\nout = o\nbatch-tokens = 0\nshards = 0\n");

    assertThat(run("profile", "--config", config.toString(), "--shards", "3")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--batch-tokens is 0, expected at least 1")
        .doesNotContain("--shards");
  }

  @Test
  void configFileReachesListsAndSwitches() throws IOException {
    Path config =
        config(
            "model=m\ncorpus=c\nout=c\nblocks=mlp,mlp\nkeep-columns=a,A\nadd-special-tokens=false\n");

    assertThat(run("profile", "--config=" + config)).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "--out and --corpus are the same place, c",
            "--keep-columns names 'A'",
            "--blocks is mlp,mlp, which repeats a name");
  }

  @Test
  void configFileWithAnUnknownKeyFails() throws IOException {
    Path config = config("modle = m\nhelp = true\n");

    assertThat(run("profile", "--config", config.toString())).isEqualTo(2);
    assertThat(err)
        .hasToString(
            "radial: Cannot use --config "
                + config
                + ": 'help' is no option; 'modle' is no option (nearest: model)."
                + " Keys are the long options without dashes.\n");
  }

  @Test
  void absentConfigFileFails() {
    assertThat(run("doctor", "--config", "none.properties")).isEqualTo(2);
    assertThat(err)
        .hasToString(
            "radial: Cannot read --config none.properties: there is no such file."
                + " Name a file of lines such as batch-tokens=2048.\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "profile",
        "aggregate",
        "report",
        "router-data",
        "fit-routers",
        "quickstart",
        "doctor"
      })
  void helpFitsEightyColumnsAndHasExamples(String command) {
    String[] args = command.isEmpty() ? new String[] {"--help"} : new String[] {command, "--help"};

    assertThat(run(args)).isEqualTo(0);
    assertThat(out.toString()).contains("Examples:").doesNotContain("$");
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void versionNamesAllParts() {
    assertThat(run("--version")).isEqualTo(0);
    assertThat(out.toString())
        .contains("Radial ", "for Spark 4.0.", "Delta 4.0.", "DJL 0.36.", "PyTorch 2.7.");
  }

  @Test
  void doctorEndsWithOneJsonObject() {
    assertThat(run("doctor", "--json")).isEqualTo(0);
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).anyMatch(line -> line.startsWith("ok    PyTorch"));
    assertThat(lines.get(lines.size() - 1))
        .startsWith("{\"status\":\"")
        .contains("{\"subject\":\"PyTorch\",\"status\":\"ok\"")
        .endsWith("}");
  }

  @Test
  void doctorAdvisesTheMemoryOfAModel() {
    assertThat(run("doctor", "--model", "../data-samples/opt-nano", "--tasks", "2")).isEqualTo(0);
    assertThat(out.toString())
        .containsPattern("model memory +float32: weights .*, 2 tasks: spark.executor.memoryOver")
        .containsPattern("model memory +bfloat16: weights ");
    assertThat(run("doctor", "--model", directory.resolve("none").toString())).isEqualTo(2);
    assertThat(err.toString()).startsWith("radial: Cannot open model ");
    assertThat(run("doctor", "--model", "../data-samples/opt-nano", "--tasks", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--batch-tokens and --tasks must be at least 1");
  }

  @Test
  void quickstartWithoutItsSamplesSaysWhatToDo() {
    System.setProperty(QuickstartCommand.HOME, directory.toString());
    try {
      assertThat(run("quickstart", "--out", "o")).isEqualTo(2);
    } finally {
      System.clearProperty(QuickstartCommand.HOME);
    }
    assertThat(err)
        .hasToString(
            "radial: Cannot find data-samples/opt-pico: "
                + directory
                + " has none. Start with ./radial quickstart, or name --model and --corpus.\n");
  }

  private Path config(String text) throws IOException {
    return Files.writeString(directory.resolve("job.properties"), text);
  }

  private int run(String... args) {
    boolean sessionBefore = SparkSession.getDefaultSession().isDefined();
    int status = Radial.run(new PrintWriter(out, true), new PrintWriter(err, true), List.of(args));
    assertThat(SparkSession.getDefaultSession().isDefined()).isEqualTo(sessionBefore);
    return status;
  }
}
