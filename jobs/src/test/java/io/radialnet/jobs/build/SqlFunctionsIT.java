package io.radialnet.jobs.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The SQL functions in somebody else's application, which gets the shaded jar by {@code --jars},
 * with two executor processes.
 */
class SqlFunctionsIT {

  private static final Path JAR = Path.of(System.getProperty("radial.jar"));
  private static final Path SPARK = Path.of(System.getProperty("radial.sparkHome"));
  private static final String ANSWER = "answer: ";

  @TempDir private Path directory;

  @Test
  void anApplicationHasThemByJarsAndOneSetting() throws Exception {
    Path errors = directory.resolve("errors.txt");
    Path output = directory.resolve("output.txt");
    ProcessBuilder submit =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                SPARK.resolve("jars") + "/*",
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "local-cluster[2,1,1024]",
                "--jars",
                JAR.toString(),
                "--class",
                Application.class.getName(),
                "--conf",
                "spark.sql.extensions="
                    + "io.delta.sql.DeltaSparkSessionExtension,io.radialnet.sparksql.RadialExtensions",
                "--conf",
                "spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog",
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.driver.host=127.0.0.1",
                applicationJar().toString())
            .directory(directory.toFile())
            .redirectError(errors.toFile())
            .redirectOutput(output.toFile());
    submit
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME", SPARK.toString(),
                "SPARK_SCALA_VERSION", "2.13",
                "SPARK_LOCAL_IP", "127.0.0.1"));

    Process process = submit.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(Files.readString(output))
        .as(Files.readString(errors))
        .contains(ANSWER + "[0,12000,21.0,0.0]", ANSWER + "[1,12000,23.0,0.0]");
    assertThat(process.exitValue()).isEqualTo(0);
  }

  /** A jar of the application alone: what else it runs has to come from the shaded jar. */
  private Path applicationJar() throws IOException {
    Path jar = directory.resolve("application.jar");
    String entry = Application.class.getName().replace('.', '/') + ".class";
    try (InputStream classFile = Application.class.getResourceAsStream("/" + entry);
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(entry));
      classFile.transferTo(out);
      out.closeEntry();
    }
    return jar;
  }

  /** Knows Spark only. */
  public static final class Application {

    private Application() {}

    public static void main(String[] args) {
      SparkSession spark = SparkSession.builder().appName("application").getOrCreate();
      spark
          .sql(
              """
              SELECT layer % 2, radial_kll_n(radial_kll_merge(sketch)),
                     max(radial_kll_quantile(sketch, 1)), min(radial_kll_rank(sketch, -1))
              FROM (SELECT layer, radial_kll_build(ratio) AS sketch
                    FROM (SELECT transform(sequence(0, 11), i -> float(2 * i)) AS a,
                                 transform(sequence(0, 11), i -> float(2 * i + 1)) AS m
                          FROM range(0, 1000, 1, 4))
                      LATERAL VIEW inline(radial_long(a, m)) AS layer, block, ratio
                    GROUP BY layer)
              GROUP BY layer % 2 ORDER BY layer % 2""")
          .collectAsList()
          .forEach(row -> System.out.println(ANSWER + row));
      spark.stop();
    }
  }
}
