package io.radialnet.jobs.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The optimizing compiler is told the same on one machine and in a cluster's executors. */
class CompilerThresholdsTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern THRESHOLD = Pattern.compile("-XX:Tier4\\w+=\\d+");

  @Test
  void executorsHaveThoseOfTheLauncher() throws IOException {
    List<String> launcher = thresholds(ROOT.resolve("radial"));
    assertThat(launcher).hasSize(4);
    assertThat(thresholds(ROOT.resolve("conf/standalone/spark-defaults.conf"))).isEqualTo(launcher);
  }

  private static List<String> thresholds(Path file) throws IOException {
    return THRESHOLD.matcher(Files.readString(file)).results().map(MatchResult::group).toList();
  }
}
