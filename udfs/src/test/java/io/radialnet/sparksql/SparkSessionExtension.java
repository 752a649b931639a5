package io.radialnet.sparksql;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands tests the one local Spark session of this JVM, two threads and the functions of this
 * package, as a parameter of type {@link SparkSession}.
 */
final class SparkSessionExtension implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == SparkSession.class;
  }

  @Override
  public SparkSession resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(SparkSessionExtension.class))
        .getOrComputeIfAbsent("session", key -> new SharedSession(start()), SharedSession.class)
        .session();
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
            .config("spark.sql.shuffle.partitions", "3")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.extensions", RadialExtensions.class.getName())
            .getOrCreate();
    session.sparkContext().setLogLevel("OFF"); // Tests make tasks fail; they assert the failure.
    return session;
  }

  /** JUnit closes what its store holds. */
  private record SharedSession(SparkSession session) implements AutoCloseable {
    @Override
    public void close() {
      session.stop();
    }
  }
}
