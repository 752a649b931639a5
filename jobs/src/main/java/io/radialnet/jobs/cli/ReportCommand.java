package io.radialnet.jobs.cli;

import io.radialnet.jobs.options.ReportOptions;
import io.radialnet.jobs.report.ReportJob;
import io.radialnet.jobs.report.ReportResult;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code radial report}. */
@Command(
    name = "report",
    sortOptions = false,
    header = "Show the tables of statistics on one page of plots.",
    description =
        "Writes one HTML file that needs nothing else, no network either: plots of what aggregate wrote, what they say in words, the paper's claims against these figures, and one document token by token.",
    customSynopsis = "radial report --tables DIR --out FILE.html [options]",
    descriptionHeading = "%n",
    optionListHeading = "%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./radial report --tables tables --out report.html",
      "  ./radial report --tables tables --out report.html --document books/7",
      "",
      "The document's text comes from the profiles that were aggregated; where one is",
      "not there any more, the page says so."
    })
final class ReportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--tables",
      required = true,
      paramLabel = "DIR",
      order = 1,
      description = "The directory that aggregate wrote.")
  private String tables;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      order = 2,
      description = "The page to write, local or on any Hadoop path.")
  private String out;

  @Option(
      names = "--document",
      paramLabel = "ID",
      order = 3,
      description = "The document shown token by token. Default: one is chosen.")
  private String document;

  @Option(
      names = "--profiles",
      split = ",",
      paramLabel = "DIR",
      order = 4,
      description = "Where profiles are now, if they were moved.")
  private List<String> profiles;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws Exception {
    ReportOptions options = options();
    PrintWriter stdout = spec.commandLine().getOut();
    try (SparkSession spark = common.openSession("radial report")) {
      ReportResult result = ReportJob.run(spark, options);
      result.summary().forEach(stdout::println);
      common.printJson(stdout, result.toJson());
      return ExitStatus.DONE;
    }
  }

  /** What was asked for, checked. */
  private ReportOptions options() {
    ReportOptions.Builder builder = ReportOptions.builder(tables, out);
    if (document != null) {
      builder.document(document);
    }
    if (profiles != null) {
      builder.profiles(profiles);
    }
    return builder.build();
  }
}
