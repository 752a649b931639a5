package io.radialnet.jobs.cli;

import io.radialnet.error.UserException;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.jobs.profile.ProfileJob;
import io.radialnet.jobs.profile.ProfileResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code radial quickstart}. */
@Command(
    name = "quickstart",
    sortOptions = false,
    header = "Profile the samples and chart the ratio of each layer.",
    description =
        "Profiles the corpus of data-samples with the small model there, and charts the median residual ratio of each layer.",
    customSynopsis = "radial quickstart [options]",
    descriptionHeading = "%n",
    optionListHeading = "%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./radial quickstart",
      "  ./radial quickstart --corpus my-texts.jsonl --out /tmp/my-texts"
    })
final class QuickstartCommand implements Callable<Integer> {

  /** System property, or environment variable in capitals: the directory of the launcher. */
  static final String HOME = "radial.home";

  private static final String[] BLOCKS = {"attn", "mlp"};

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      order = 1,
      defaultValue = "radial-out/quickstart",
      description = "Where to write. Default: ${DEFAULT-VALUE}")
  private String out;

  @Option(
      names = "--corpus",
      paramLabel = "PATH",
      order = 2,
      description = "Another corpus than data-samples/corpus.")
  private String corpus;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      order = 3,
      description = "Another model than data-samples/opt-nano.")
  private String model;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws IOException {
    ProfileOptions options =
        ProfileOptions.builder(
                model != null ? model : sample("opt-nano"),
                corpus != null ? corpus : sample("corpus"),
                out)
            .build();
    PrintWriter stdout = spec.commandLine().getOut();
    try (SparkSession spark = common.openSession("radial quickstart")) {
      ProfileResult result = ProfileJob.run(spark, options, System.err);
      result.summary().forEach(stdout::println);
      seconds(result.seconds()).forEach(stdout::println);
      chart(MedianRatios.of(spark.read().parquet(tokenRatios()), BLOCKS)).forEach(stdout::println);
      whatNext().forEach(stdout::println);
      common.printJson(stdout, result.toJson());
      return result.tooManyErrors() ? ExitStatus.TOO_MANY_ERRORS : ExitStatus.DONE;
    }
  }

  private String tokenRatios() {
    return out.replaceFirst("(?<=.)/+$", "") + "/token_ratios";
  }

  /** Where time went, a line a stage. */
  static List<String> seconds(Map<String, Double> seconds) {
    List<String> lines = new ArrayList<>(List.of("", "Where time went, in seconds"));
    seconds.forEach(
        (stage, value) -> lines.add(String.format(Locale.ROOT, "  %-12s %8.1f", stage, value)));
    return lines;
  }

  private static List<String> chart(Map<String, double[]> medians) {
    BarChart chart = new BarChart(Terminal.columns(), Terminal.charset());
    List<String> lines =
        new ArrayList<>(
            List.of("", "Median residual ratio |f| / |x + f| by layer, special tokens left out"));
    lines.addAll(chart.lines("layer", medians));
    return lines;
  }

  private List<String> whatNext() {
    return List.of(
        "",
        "One row a token is in "
            + tokenRatios()
            + ", the run in "
            + out
            + "/run.json. Look at them with",
        "  duckdb -c \"SELECT token, attn_ratio, mlp_ratio FROM '"
            + tokenRatios()
            + "/**/*.parquet' LIMIT 5\"",
        "Then profile a model and texts of your own: ./radial profile --help");
  }

  private static String sample(String name) {
    String home = System.getProperty(HOME, System.getenv("RADIAL_HOME"));
    if (home == null || !Files.exists(Path.of(home, "data-samples", name))) {
      throw UserException.of(
          "Cannot find data-samples/" + name,
          home == null ? "Radial's directory is not known" : home + " has none",
          "Start with ./radial quickstart, or name --model and --corpus");
    }
    return Path.of(home, "data-samples", name).toString();
  }
}
