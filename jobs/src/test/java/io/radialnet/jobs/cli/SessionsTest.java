package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {

  private static final String EXTENSIONS = "spark.sql.extensions";
  private static final String DELTA = "io.delta.sql.DeltaSparkSessionExtension";
  private static final String OURS = "io.radialnet.sparksql.RadialExtensions";

  @TempDir private Path directory;
  private final List<String> set = new ArrayList<>();

  @AfterEach
  void clearProperties() {
    set.forEach(System::clearProperty);
  }

  @Test
  void runsLocallyOnAllCoresWithoutAnySettings() {
    SparkConf conf = Sessions.conf("app");

    assertThat(conf.get("spark.master")).isEqualTo("local[*]");
    assertThat(conf.get("spark.app.name")).isEqualTo("app");
    assertThat(conf.get(EXTENSIONS)).isEqualTo(DELTA + "," + OURS);
  }

  @Test
  void readsTheFileOfTheLauncherWhichPropertiesOverride() throws IOException {
    Path file = directory.resolve("a b.conf");
    Files.writeString(file, "spark.master   local[2]\n# a comment\nspark.ui.enabled\tfalse  \n");
    property("radial.conf", file.toString());
    property("spark.ui.enabled", "true");

    SparkConf conf = Sessions.conf("app");

    assertThat(conf.get("spark.master")).isEqualTo("local[2]");
    assertThat(conf.get("spark.ui.enabled")).isEqualTo("true");
  }

  @Test
  void leavesWhatSparkSubmitHasSetAsItIs() {
    property("spark.master", "spark://host:7077");
    property("radial.conf", directory.resolve("not-read.conf").toString());
    property(EXTENSIONS, "org.example.Theirs");

    SparkConf conf = Sessions.conf("app");

    assertThat(conf.get("spark.master")).isEqualTo("spark://host:7077");
    assertThat(conf.get(EXTENSIONS)).isEqualTo("org.example.Theirs," + DELTA + "," + OURS);
  }

  @Test
  void addsOnlyTheExtensionsThatAreMissing() {
    property(EXTENSIONS, OURS + " , org.example.Theirs");

    assertThat(Sessions.conf("app").get(EXTENSIONS))
        .isEqualTo(OURS + ",org.example.Theirs," + DELTA);
  }

  @Test
  void aMissingFileIsAnErrorThatNamesIt() {
    property("radial.conf", directory.resolve("none.conf").toString());

    assertThatThrownBy(() -> Sessions.conf("app"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("Cannot read the Spark settings " + directory.resolve("none.conf"))
        .hasMessageEndingWith("Correct RADIAL_CONF, or restore conf/local/radial-spark.conf.");
  }

  private void property(String key, String value) {
    System.setProperty(key, value);
    set.add(key);
  }
}
