package io.radialnet.jobs.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.Samples;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * A command that was run in this JVM as the launcher runs it: with a Spark session of its own,
 * whose settings are system properties.
 *
 * @param status the exit status
 * @param out what it printed
 * @param err what it complained of, progress left out
 */
record LocalRun(int status, String out, String err) {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "spark.master", "local[2]",
          "spark.ui.enabled", "false",
          "spark.databricks.delta.snapshotPartitions", "2",
          "spark.log.level", "OFF",
          "spark.driver.host", "127.0.0.1",
          "spark.driver.bindAddress", "127.0.0.1",
          "spark.local.dir", Path.of("target", "spark-local").toAbsolutePath().toString());

  static LocalRun of(String... args) {
    return with(Map.of(), args);
  }

  /**
   * Runs a command.
   *
   * @param settings of Spark, in addition to those of all tests or in place of them
   */
  static LocalRun with(Map<String, String> settings, String... args) {
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession.getDefaultSession().get().stop();
    }
    Map<String, String> all = new HashMap<>(SETTINGS);
    all.putAll(settings);
    all.forEach(System::setProperty);
    try {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      int status =
          Radial.run(new PrintWriter(out, true), new PrintWriter(err, true), List.of(args));
      return new LocalRun(status, out.toString(), err.toString());
    } finally {
      all.keySet().forEach(System::clearProperty);
    }
  }

  /** The object that {@code --json} prints. */
  ObjectNode json() {
    List<String> lines = out.lines().toList();
    return Samples.parsed(lines.get(lines.size() - 1));
  }
}
