package io.radialnet.jobs.notebook;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import scala.collection.immutable.List$;
import scala.tools.nsc.Settings;
import scala.tools.nsc.interpreter.IMain;
import scala.tools.nsc.interpreter.Results;
import scala.tools.nsc.interpreter.shell.ReplReporterImpl;

/**
 * Runs {@code %spark} in Scala's own REPL, the one under spark-shell and under Zeppelin's
 * interpreter, which here says whether a paragraph compiled and ran.
 */
final class ScalaInterpreter implements Interpreter, AutoCloseable {

  private final ShownTables tables = new ShownTables();
  private final StringWriter output = new StringWriter();
  private final IMain repl;

  ScalaInterpreter(SparkSession spark) {
    Settings settings = new Settings();
    settings.classpath().value_$eq(System.getProperty("java.class.path"));
    repl = new IMain(settings, new ReplReporterImpl(settings, new PrintWriter(output, true)));
    bind("spark", SparkSession.class, spark);
    bind("z", ShownTables.class, tables);
    run("import spark.implicits._");
  }

  private void bind(String name, Class<?> type, Object value) {
    require(repl.bind(name, type.getName(), value, List$.MODULE$.<String>empty()));
  }

  @Override
  public List<Shown> run(String code) {
    require(repl.interpret(code));
    return tables.take();
  }

  private void require(Results.Result result) {
    String said = output.toString();
    output.getBuffer().setLength(0);
    if (result != Results.Success$.MODULE$) {
      throw new ParagraphFailure(result + ": " + said);
    }
  }

  @Override
  public void close() {
    repl.close();
  }
}
