package io.radialnet.jobs.cli;

import java.io.PrintWriter;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What every command understands. */
@Command(versionProvider = Version.class)
final class CommonOptions {

  static final String CONFIG = "--config";
  static final String DEBUG = "--debug";

  @ArgGroup(validate = false, order = 100, heading = "%nGeneral:%n")
  private final General general = new General();

  @SuppressWarnings("UnusedVariable") // ConfigFile reads 'config' before picocli, which reads two
  private static final class General {

    @Option(
        names = CONFIG,
        paramLabel = "FILE",
        description =
            "Read options from a Java properties file with the same keys, such as"
                + " batch-tokens=2048. Flags win.")
    private String config;

    @Option(
        names = "--json",
        description = "Print the result as one JSON object, the last line of stdout.")
    private boolean json;

    @Option(names = DEBUG, description = "Show stack traces, and Spark's log at level INFO.")
    private boolean debug;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Show this help and exit.")
    private boolean help;

    @Option(
        names = {"-V", "--version"},
        versionHelp = true,
        description = "Show versions and exit.")
    private boolean version;
  }

  /** Opens the Spark session of a command. */
  SparkSession openSession(String appName) {
    SparkSession session = Sessions.open(appName);
    if (general.debug) {
      session.sparkContext().setLogLevel("INFO");
    }
    return session;
  }

  /** Prints {@code object} as the last line, if it was asked for. */
  void printJson(PrintWriter out, String object) {
    if (general.json) {
      out.println(object);
    }
    out.flush();
  }
}
