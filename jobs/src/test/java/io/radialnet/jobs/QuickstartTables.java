package io.radialnet.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
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
      return MadeOnce.of(QuickstartTables.class, context, QuickstartTables::create);
    }
  }
}
