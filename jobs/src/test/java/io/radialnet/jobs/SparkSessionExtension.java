package io.radialnet.jobs;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands tests the one local Spark session of this JVM, two threads, Delta and the SQL functions, as
 * a parameter of type {@link SparkSession}. It is started by the first test that asks and stopped
 * after the last; started anew when a test has stopped it.
 */
public final class SparkSessionExtension implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == SparkSession.class;
  }

  @Override
  public SparkSession resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return session(context);
  }

  /** The session, for other extensions. */
  static SparkSession session(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(SparkSessionExtension.class))
        .getOrComputeIfAbsent("session", key -> new SharedSession(), SharedSession.class)
        .running();
  }

  private static SparkSession start() {
    Path target = Path.of("target").toAbsolutePath();
    SparkSession session =
        SparkSession.builder()
            .appName("tests")
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.local.dir", target.resolve("spark-local").toString())
            .config("spark.sql.warehouse.dir", target.resolve("spark-warehouse").toUri().toString())
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.ui.explainMode", "simple")
            .config(
                "spark.sql.extensions",
                "io.delta.sql.DeltaSparkSessionExtension,io.radialnet.sparksql.RadialExtensions")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.databricks.delta.snapshotPartitions", "2")
            .getOrCreate();
    session.sparkContext().setLogLevel("ERROR");
    return session;
  }

  /** JUnit closes what its store holds. */
  private static final class SharedSession implements AutoCloseable {
    private SparkSession session;

    SparkSession running() {
      if (session == null || session.sparkContext().isStopped()) {
        session = start();
      }
      return session;
    }

    @Override
    public void close() {
      session.stop();
    }
  }
}
