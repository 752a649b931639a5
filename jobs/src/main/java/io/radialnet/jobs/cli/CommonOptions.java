package io.radialnet.jobs.cli;

import java.io.PrintWriter;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What every command understands. */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
final class CommonOptions {

  static final String CONFIG = "--config";
  static final String DEBUG = "--debug";

  @Option(
      names = CONFIG,
      paramLabel = "FILE",
      order = 990,
      description = {
        "Read options from a Java properties file with the same keys,",
        "such as batch-tokens=2048. Flags win."
      })
  @SuppressWarnings("UnusedVariable") // ConfigFile reads it before the parser runs
  private String config;

  @Option(
      names = "--json",
      order = 991,
      description = "Print the result as one JSON object, the last line of stdout.")
  private boolean json;

  @Option(
      names = DEBUG,
      order = 992,
      description = "Show stack traces, and Spark's log at level INFO.")
  private boolean debug;

  /** Opens the Spark session of a command. */
  SparkSession openSession(String appName) {
    SparkSession session = Sessions.open(appName);
    if (debug) {
      session.sparkContext().setLogLevel("INFO");
    }
    return session;
  }

  /** Prints {@code object} as the last line, if it was asked for. */
  void printJson(PrintWriter out, String object) {
    if (json) {
      out.println(object);
    }
    out.flush();
  }
}
