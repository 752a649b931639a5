package io.radialnet.jobs.notebook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.package$;

/**
 * The Python that runs pyspark: the one that the environment variable RADIAL_PYTHON names, else a
 * virtual environment under {@code target}, made once from PyPI.
 */
final class PythonHome {

  private static final String VARIABLE = "RADIAL_PYTHON";
  private static final Path VENV = Path.of("target/python").toAbsolutePath();
  private static final String ADVICE =
      "The notes' %spark.pyspark paragraphs need Python 3.9 or newer with pyspark "
          + version()
          + ": put python3 (with its module venv) on PATH and let PyPI be reached, or set "
          + VARIABLE
          + " to a python that has it.";

  private PythonHome() {}

  /** The executable. */
  static Path executable() throws IOException, InterruptedException {
    String named = System.getenv(VARIABLE);
    Path python = named != null ? Path.of(named) : VENV.resolve("bin/python");
    if (named == null && !hasPyspark(python)) {
      run("python3", "-m", "venv", "--clear", VENV.toString());
      run(python.toString(), "-m", "pip", "install", "--quiet", "pyspark==" + version());
    }
    if (!hasPyspark(python)) {
      throw new AssertionError(python + " has no pyspark " + version() + ". " + ADVICE);
    }
    return python;
  }

  /** The Spark installation that pyspark's package is. */
  static Path sparkHome(Path python) throws IOException, InterruptedException {
    String print = "import pyspark, os; print(os.path.dirname(pyspark.__file__))";
    Process process = new ProcessBuilder(python.toString(), "-c", print).start();
    String home = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    process.waitFor();
    return Path.of(home);
  }

  private static String version() {
    return package$.MODULE$.SPARK_VERSION();
  }

  private static boolean hasPyspark(Path python) throws IOException, InterruptedException {
    if (!Files.isExecutable(python)) {
      return false;
    }
    String check = "import pyspark; assert pyspark.__version__ == '" + version() + "'";
    return start(List.of(python.toString(), "-c", check)).waitFor() == 0;
  }

  private static void run(String... command) throws InterruptedException {
    int status;
    try {
      status = start(List.of(command)).waitFor();
    } catch (IOException e) {
      throw new AssertionError(e.getMessage() + ". " + ADVICE, e);
    }
    if (status != 0) {
      throw new AssertionError(String.join(" ", command) + " failed. " + ADVICE);
    }
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(new ArrayList<>(command)).inheritIO().start();
  }
}
