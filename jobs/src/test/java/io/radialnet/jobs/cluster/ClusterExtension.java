package io.radialnet.jobs.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands tests the one cluster of two workers, and the one reference run, of this JVM. Either is
 * started by the first test that asks; the cluster ends after the last, however the tests went. All
 * files are under target/cluster, and stay there for whoever wants to know what happened.
 */
final class ClusterExtension implements ParameterResolver {

  static final Path DIRECTORY = StandaloneCluster.JAR.resolveSibling("cluster");

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == StandaloneCluster.class || type == Reference.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(ClusterExtension.class))
        .getOrComputeIfAbsent("shared", key -> new Shared(), Shared.class)
        .get(parameter.getParameter().getType());
  }

  /** JUnit closes what its store holds. */
  private static final class Shared implements AutoCloseable {
    private StandaloneCluster cluster;
    private Reference reference;

    Shared() {
      try {
        if (Files.exists(DIRECTORY)) {
          try (Stream<Path> files = Files.walk(DIRECTORY)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
              Files.delete(file);
            }
          }
        }
        Files.createDirectories(DIRECTORY);
      } catch (IOException e) {
        throw new IllegalStateException("cannot empty " + DIRECTORY, e);
      }
    }

    Object get(Class<?> type) {
      try {
        if (type == Reference.class) {
          if (reference == null) {
            reference = Reference.create(DIRECTORY);
          }
          return reference;
        }
        if (cluster == null) {
          cluster = StandaloneCluster.start(DIRECTORY, "cluster");
          cluster.addWorker("0");
          cluster.addWorker("1");
        }
        return cluster;
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      if (cluster != null) {
        cluster.close();
      }
    }
  }
}
