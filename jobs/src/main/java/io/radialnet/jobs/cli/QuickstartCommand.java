package io.radialnet.jobs.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.radialnet.error.UserException;
import io.radialnet.jobs.aggregate.AggregateJob;
import io.radialnet.jobs.aggregate.AggregateResult;
import io.radialnet.jobs.options.AggregateOptions;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.jobs.options.ReportOptions;
import io.radialnet.jobs.profile.ProfileJob;
import io.radialnet.jobs.profile.ProfileResult;
import io.radialnet.jobs.progress.StageClock;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.report.ReportJob;
import io.radialnet.jobs.report.ReportResult;
import io.radialnet.jobs.routerfit.FitRoutersResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    header = "Profile the samples, gather statistics, fit routers, write a report.",
    description =
        "Profiles the corpus of data-samples with the three small models there, gathers statistics in Delta tables, fits routers of the largest of the models, and writes a page of plots.",
    customSynopsis = "radial quickstart [options]",
    descriptionHeading = "%n",
    optionListHeading = "%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./radial quickstart",
      "  ./radial quickstart --corpus my-texts.jsonl --out /tmp/my-texts"
    })
final class QuickstartCommand implements Callable<Integer> {

  private static final String APP_NAME = "radial quickstart";

  /** System property, or environment variable in capitals: the directory of the launcher. */
  static final String HOME = "radial.home";

  /** Of data-samples, by size. */
  private static final List<String> MODELS = List.of("opt-pico", "opt-micro", "opt-nano");

  /** The column of data-samples/corpus that slices are by. */
  private static final List<String> SLICE_BY = List.of("domain");

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
      description = "Another model than the three of data-samples.")
  private String model;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws IOException {
    List<ProfileOptions> asked = profiles();
    AggregateOptions aggregate = aggregate(asked);
    QuickstartRouters routers = routers(asked);
    ReportOptions report = ReportOptions.builder(place("tables"), place("report.html")).build();
    StageClock clock = new StageClock();
    ProfileJob.startEngine(Sessions.conf(APP_NAME), asked.get(0));
    try (SparkSession spark = common.openSession(APP_NAME)) {
      List<ProfileResult> profiles = new ArrayList<>();
      for (ProfileOptions options : asked) {
        profiles.add(ProfileJob.run(spark, options, System.err));
        clock.finished(
            "profile " + profiles.get(profiles.size() - 1).manifest().path("model").asText());
      }
      AggregateResult statistics = AggregateJob.run(spark, aggregate, System.err);
      clock.finished("aggregate");
      Optional<FitRoutersResult> fitted = routers.run(spark, clock);
      ReportResult page = ReportJob.run(spark, report);
      clock.finished("report");
      show(spark, profiles, page, clock);
      routers.ending(spark, fitted).forEach(spec.commandLine().getOut()::println);
      whatNext(profiles).forEach(spec.commandLine().getOut()::println);
      common.printJson(spec.commandLine().getOut(), json(profiles, statistics, fitted, page));
      return profiles.stream().anyMatch(ProfileResult::tooManyErrors)
          ? ExitStatus.TOO_MANY_ERRORS
          : ExitStatus.DONE;
    }
  }

  private List<ProfileOptions> profiles() {
    List<String> models =
        model != null ? List.of(model) : MODELS.stream().map(QuickstartCommand::sample).toList();
    String texts = corpus != null ? corpus : sample("corpus");
    List<ProfileOptions> profiles = new ArrayList<>();
    for (String directory : models) {
      String name = directory.replaceFirst("(?<=.)/+$", "").replaceFirst("^.*/", "");
      ProfileOptions.Builder profile =
          ProfileOptions.builder(directory, texts, place("profiles/" + name));
      if (corpus == null) {
        profile.keepColumns(SLICE_BY);
      }
      profiles.add(profile.build());
    }
    return profiles;
  }

  private AggregateOptions aggregate(List<ProfileOptions> profiles) {
    AggregateOptions.Builder aggregate =
        AggregateOptions.builder(
            profiles.stream().map(ProfileOptions::out).toList(), place("tables"));
    if (corpus == null) {
      aggregate.sliceBy(SLICE_BY);
    }
    return aggregate.build();
  }

  /** Of the last model, which is the largest of the samples. */
  private QuickstartRouters routers(List<ProfileOptions> profiles) {
    return QuickstartRouters.of(
        profiles.get(profiles.size() - 1), place("examples"), place("routers"), place("tables"));
  }

  private String place(String name) {
    return out.replaceFirst("(?<=.)/+$", "") + "/" + name;
  }

  private void show(
      SparkSession spark, List<ProfileResult> profiles, ReportResult page, StageClock clock) {
    PrintWriter stdout = spec.commandLine().getOut();
    profiles.forEach(profile -> profile.summary().forEach(stdout::println));
    Map<String, Double> seconds = new LinkedHashMap<>(clock.seconds());
    seconds.put("total", clock.total());
    seconds(seconds).forEach(stdout::println);
    chart(MedianRatios.of(spark.read().parquet(rows(profiles)), BLOCKS)).forEach(stdout::println);
    stdout.println();
    page.table().forEach(stdout::println);
  }

  /** Of the last model. */
  private static String rows(List<ProfileResult> profiles) {
    return profiles.get(profiles.size() - 1).out() + "/token_ratios";
  }

  private static String json(
      List<ProfileResult> profiles,
      AggregateResult statistics,
      Optional<FitRoutersResult> routers,
      ReportResult page) {
    ObjectNode all = RunManifest.newObject();
    profiles.forEach(profile -> all.withArray("profiles").add(profile.manifest()));
    all.putRawValue("aggregate", new RawValue(statistics.toJson()));
    routers.ifPresent(fitted -> all.putRawValue("routers", new RawValue(fitted.toJson())));
    all.putRawValue("report", new RawValue(page.toJson()));
    return all.toString();
  }

  /** Where time went, a line a stage. */
  static List<String> seconds(Map<String, Double> seconds) {
    int width = seconds.keySet().stream().mapToInt(String::length).max().orElse(0);
    List<String> lines = new ArrayList<>(List.of("", "Where time went, in seconds"));
    seconds.forEach(
        (stage, value) ->
            lines.add(String.format(Locale.ROOT, "  %-" + width + "s %8.1f", stage, value)));
    return lines;
  }

  private static List<String> chart(Map<String, double[]> medians) {
    BarChart chart = new BarChart(Terminal.columns(), Terminal.charset());
    List<String> lines =
        new ArrayList<>(
            List.of(
                "",
                "Median residual ratio |f| / |x + f| by layer of the last model, special tokens left out"));
    lines.addAll(chart.lines("layer", medians));
    return lines;
  }

  private List<String> whatNext(List<ProfileResult> profiles) {
    String rows = rows(profiles);
    return List.of(
        "",
        "The page of plots is "
            + place("report.html")
            + ", its tables are in "
            + place("tables")
            + ".",
        "One row a token is in " + rows + ". Look at them with",
        "  duckdb -c \"SELECT token, attn_ratio, mlp_ratio FROM '"
            + rows
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
