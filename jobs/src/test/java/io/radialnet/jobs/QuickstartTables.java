package io.radialnet.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The Delta tables that {@code ./radial quickstart} leaves: the launcher is run, in a process of
 * its own, on data-samples.
 *
 * @param directory of the tables
 */
public record QuickstartTables(Path directory) {

  private static final int MINUTES = 15;

  private static QuickstartTables create(Path directory) throws IOException, InterruptedException {
    Path launcher =
        Path.of(System.getProperty("radial.jar")).resolve("../../../radial").normalize();
    Path out = directory.resolve("quickstart");
    Path log = directory.resolve("quickstart.log");
    ProcessBuilder builder =
        new ProcessBuilder(launcher.toString(), "quickstart", "--out", out.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IllegalStateException("quickstart failed:\n" + Files.readString(log));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new QuickstartTables(out.resolve("tables"));
  }

  /** Hands tests the tables of this JVM, made for the first test that asks. */
  public static final class Extension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == QuickstartTables.class;
    }

    @Override
    public QuickstartTables resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(QuickstartTables.class))
          .getOrComputeIfAbsent("tables", key -> new Made(), Made.class)
          .tables();
    }
  }

  /** JUnit closes what its store holds. */
  private static final class Made implements AutoCloseable {
    private final Path directory;
    private final QuickstartTables tables;

    Made() {
      try {
        directory =
            Files.createTempDirectory(
                Files.createDirectories(Path.of("target").toAbsolutePath()), "quickstart-tables-");
        tables = create(directory);
      } catch (IOException e) {
        throw new IllegalStateException("cannot run quickstart", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while quickstart was running", e);
      }
    }

    QuickstartTables tables() {
      return tables;
    }

    @Override
    public void close() throws IOException {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
