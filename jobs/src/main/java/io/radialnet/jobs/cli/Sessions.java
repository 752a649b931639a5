package io.radialnet.jobs.cli;

import io.radialnet.error.UserException;
import io.radialnet.jobs.cluster.ClusterWatch;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Opens the Spark session of a command. */
final class Sessions {

  /** System property: a file of Spark settings for local runs. The launcher sets it. */
  static final String CONF = "radial.conf";

  private static final String MASTER = "spark.master";
  private static final String EXTENSIONS = "spark.sql.extensions";
  private static final String DELTA_EXTENSION = "io.delta.sql.DeltaSparkSessionExtension";
  private static final String CATALOG = "spark.sql.catalog.spark_catalog";
  private static final String DELTA_CATALOG = "org.apache.spark.sql.delta.catalog.DeltaCatalog";

  private Sessions() {}

  /**
   * Opens the session that spark-submit has prepared; if there is none, a local one with the
   * settings of the file that the launcher names. Delta is part of either. On a cluster, what keeps
   * its jobs waiting is told on stderr.
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
    return withDelta(conf);
  }

  private static SparkConf withDelta(SparkConf conf) {
    String extensions = conf.get(EXTENSIONS, "");
    if (extensions.isBlank()) {
      conf.set(EXTENSIONS, DELTA_EXTENSION);
    } else if (!extensions.contains(DELTA_EXTENSION)) {
      conf.set(EXTENSIONS, extensions + "," + DELTA_EXTENSION);
    }
    return conf.setIfMissing(CATALOG, DELTA_CATALOG);
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
