package io.radialnet.jobs.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.python.Py4JServer;
import org.apache.spark.sql.SparkSession;

/**
 * Runs {@code %spark.pyspark} in a Python process with pyspark, which works on the session of this
 * JVM by the gateway that spark-submit and Zeppelin use.
 */
public final class PythonInterpreter implements Interpreter, AutoCloseable {

  private static final Path DRIVER = Path.of("src/test/python/pyspark_paragraphs.py");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ShownTables tables = new ShownTables();
  private final SparkSession spark;
  private final Py4JServer gateway;
  private final Process process;
  private final BufferedWriter toPython;
  private final BufferedReader fromPython;

  // The gateway's own entry point is null: what Python asks for it takes from here.
  private static PythonInterpreter running;

  PythonInterpreter(SparkSession spark, Path python) throws IOException {
    this.spark = spark;
    gateway = new Py4JServer(spark.sparkContext().getConf());
    gateway.start();
    ProcessBuilder builder =
        new ProcessBuilder(python.toString(), "-u", DRIVER.toAbsolutePath().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("SPARK_"));
    builder.environment().put("PYSPARK_GATEWAY_PORT", Integer.toString(gateway.getListeningPort()));
    builder.environment().put("PYSPARK_GATEWAY_SECRET", gateway.secret());
    builder.environment().put("PYSPARK_PYTHON", python.toString());
    running = this;
    process = builder.start();
    toPython = process.outputWriter();
    fromPython = process.inputReader();
    requireDone();
  }

  /** For Python: the session. */
  public static SparkSession session() {
    return running.spark;
  }

  /** For Python: its context. */
  public static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(running.spark.sparkContext());
  }

  /** For Python: what it knows as {@code z}. */
  public static ShownTables tables() {
    return running.tables;
  }

  @Override
  public List<Shown> run(String code) {
    try {
      toPython.write(JSON.writeValueAsString(code));
      toPython.newLine();
      toPython.flush();
      requireDone();
      return tables.take();
    } catch (IOException e) {
      throw new ParagraphFailure(e);
    }
  }

  private void requireDone() throws IOException {
    String answer = fromPython.readLine();
    if (answer == null) {
      throw new ParagraphFailure("Python has ended, see the output of the tests");
    }
    JsonNode error = JSON.readTree(answer).path("error");
    if (!error.isNull()) {
      throw new ParagraphFailure(error.asText());
    }
  }

  @Override
  public void close() throws IOException {
    toPython.close();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    gateway.shutdown();
  }
}
