package io.radialnet.jobs.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.QuickstartTables;
import io.radialnet.jobs.SparkSessionExtension;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The notes in a real Zeppelin, where the environment variable ZEPPELIN_HOME names one, with the
 * shaded jar and no other setting than README.md of the notebooks asks for.
 */
@ExtendWith({SparkSessionExtension.class, QuickstartTables.Extension.class})
@EnabledIfEnvironmentVariable(named = "ZEPPELIN_HOME", matches = ".+")
class ZeppelinIT {

  @TempDir private Path directory;

  @Test
  void everyParagraphFinishesAndAnErrorDoesNot(QuickstartTables tables) throws Exception {
    try (ZeppelinServer zeppelin =
        ZeppelinServer.start(Path.of(System.getenv("ZEPPELIN_HOME")), directory)) {
      zeppelin.setInterpreter("spark", properties());
      for (Note note : Note.all()) {
        Note here = note.withParameter("tables", tables.directory().toString());
        assertThat(zeppelin.unfinished(here)).as(note.file()).isEmpty();
      }
      Note wrong =
          Note.all()
              .get(0)
              .withParameter("tables", tables.directory().toString())
              .withText(2, "%spark.sql\nSELECT layr FROM layer_sparsity");
      assertThat(zeppelin.unfinished(wrong)).anyMatch(problem -> problem.contains("layr"));
    }
  }

  /**
   * Those of README.md, and two that keep Spark on this machine; pip's pyspark is a whole Spark.
   */
  private static Map<String, String> properties() throws Exception {
    Path python = PythonHome.executable();
    return Map.of(
        "SPARK_HOME",
        PythonHome.sparkHome(python).toString(),
        "spark.jars",
        System.getProperty("radial.jar"),
        "spark.sql.extensions",
        "io.delta.sql.DeltaSparkSessionExtension,io.radialnet.sparksql.RadialExtensions",
        "spark.sql.catalog.spark_catalog",
        "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "PYSPARK_PYTHON",
        python.toString(),
        "PYSPARK_DRIVER_PYTHON",
        python.toString(),
        "spark.driver.host",
        "127.0.0.1",
        "spark.ui.enabled",
        "false");
  }
}
