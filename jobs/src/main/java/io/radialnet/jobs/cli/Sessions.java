package io.radialnet.jobs.cli;

import io.radialnet.error.UserException;
import io.radialnet.jobs.cluster.ClusterWatch;
import io.radialnet.sparksql.RadialExtensions;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Opens the Spark session of a command. */
final class Sessions {

  /** System property: a file of Spark settings for local runs. The launcher sets it. */
  static final String CONF = "radial.conf";

  private static final String MASTER = "spark.master";
  private static final String EXTENSIONS = "spark.sql.extensions";
  private static final List<String> OUR_EXTENSIONS =
      List.of("io.delta.sql.DeltaSparkSessionExtension", RadialExtensions.class.getName());
  private static final String CATALOG = "spark.sql.catalog.spark_catalog";
  private static final String DELTA_CATALOG = "org.apache.spark.sql.delta.catalog.DeltaCatalog";

  private Sessions() {}

  /**
   * Opens the session that spark-submit has prepared; if there is none, a local one with the
   * settings of the file that the launcher names. Delta and the SQL functions are part of either.
   * On a cluster, what keeps its jobs waiting is told on stderr.
   *
   * @throws UserException if that file cannot be read, or Spark does not start with its settings
   */
  static SparkSession open(String appName) {
    SparkConf conf = conf(appName);
    SparkSession session;
    try {
      session = SparkSession.builder().config(conf).getOrCreate();
    } catch (Exception e) { // Scala throws checked exceptions without declaring them
      throw notStarted(conf, String.valueOf(e.getMessage()), e);
    }
    if (session.sparkContext().isStopped()) {
      throw notStarted(conf, "", null);
    }
    ClusterWatch.start(session.sparkContext(), System.err);
    return session;
  }

  /** A master that does not answer shows in a context that was stopped by another thread. */
  private static UserException notStarted(SparkConf conf, String message, Exception origin) {
    return UserException.of(
        "Cannot start Spark on " + conf.get(MASTER),
        message.isEmpty() || message.contains("stopped SparkContext")
            ? "it does not answer, or has refused the application"
            : message,
        "Check --master and the settings given to Spark",
        origin);
  }

  static SparkConf conf(String appName) {
    SparkConf conf = new SparkConf().setIfMissing("spark.app.name", appName);
    if (!conf.contains(MASTER)) {
      String file = System.getProperty(CONF);
      if (file != null) {
        Properties settings = read(Path.of(file));
        settings
            .stringPropertyNames()
            .forEach(key -> conf.setIfMissing(key, settings.getProperty(key).strip()));
      }
      conf.setIfMissing(MASTER, "local[*]");
    }
    return withExtensions(conf);
  }

  private static SparkConf withExtensions(SparkConf conf) {
    List<String> extensions = new ArrayList<>(list(conf.get(EXTENSIONS, "")));
    OUR_EXTENSIONS.stream().filter(ours -> !extensions.contains(ours)).forEach(extensions::add);
    conf.set(EXTENSIONS, String.join(",", extensions));
    return conf.setIfMissing(CATALOG, DELTA_CATALOG);
  }

  private static List<String> list(String setting) {
    return Pattern.compile(",")
        .splitAsStream(setting)
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static Properties read(Path file) {
    Properties settings = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      settings.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw UserException.of(
          "Cannot read the Spark settings " + file,
          e.toString(),
          "Correct RADIAL_CONF, or restore conf/local/radial-spark.conf",
          e);
    }
    return settings;
  }
}
