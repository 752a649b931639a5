package io.radialnet.jobs.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeMemoryTest {

  @Test
  void doesNotGrowOverThousandsOfBatchesOfSeveralRuns(@TempDir Path dir)
      throws IOException, InterruptedException {
    // In a process of its own, whose Java heap is touched at the start: what grows is native.
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms512m",
                "-Xmx512m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.pytorch.num_threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                NativeGrowth.class.getName(),
                dir.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    String growth =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    assertThat(process.waitFor()).isZero();
    // One leaked (B, T, E) array a batch would be 49 MB, one a layer 98 MB.
    assertThat(Long.parseLong(growth)).isLessThan(20L << 20);
  }
}
