package io.radialnet.jobs.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long seconds;

  @Test
  void logsOneLineInThirtySecondsAndOneAtTheEnd() {
    try (Progress progress = start(0)) {
      at(10, progress, 1_000, 4_000, 0);
      at(29, progress, 2_900, 11_600, 0);
      at(30, progress, 3_000, 12_000, 1);
      at(31, progress, 3_100, 12_400, 1);
      at(61, progress, 6_100, 24_400, 1);
      at(100, progress, 10_000, 40_000, 2);
    }

    assertThat(lines())
        .containsExactly(
            "3,000 of ~10,000 tokens, 100 tokens/s, 1:10 left, 1 failed",
            "6,100 of ~10,000 tokens, 100 tokens/s, 0:39 left, 1 failed",
            "10,000 tokens, 100 tokens/s, 2 failed",
            "10,000 tokens, 100 tokens/s, 2 failed");
  }

  @Test
  void saysNothingOfATotalBeforeTheFirstDocument() {
    try (Progress progress = start(0)) {
      at(30, progress, 0, 0, 0);
    }

    assertThat(lines())
        .containsExactly("0 tokens, 0 tokens/s, 0 failed", "0 tokens, 0 tokens/s, 0 failed");
  }

  @Test
  void drawsABarOverItselfOnATerminal() {
    try (Progress progress = start(80)) {
      at(100, progress, 10_000, 40_000, 0);
    }

    String drawn = bytes.toString(StandardCharsets.UTF_8);
    assertThat(drawn).startsWith("\r");
    assertThat(drawn).contains("100 % [", "] 10,000 tokens, 100 tokens/s, 0 failed");
  }

  @Test
  void barFitsTheTerminal() {
    ProgressReading half = new ProgressReading(1_000, 50, 100, 0, TimeUnit.SECONDS.toNanos(7_200));

    assertThat(BarLine.of(half, 90))
        .isEqualTo(" 50 % [==========>           ] " + half.text())
        .hasSize(89);
    assertThat(BarLine.of(half, 60)).startsWith(" 50 %  1,000 of ~2,000").hasSize(59);
    assertThat(BarLine.of(half, 12)).isEqualTo(" 50 %  1,00");
  }

  @Test
  void longTimesHaveHours() {
    assertThat(new ProgressReading(1_000, 50, 100, 0, TimeUnit.SECONDS.toNanos(7_265)).text())
        .isEqualTo("1,000 of ~2,000 tokens, 0 tokens/s, 2:01:05 left, 0 failed");
  }

  private Progress start(int columns) {
    return Progress.start(
        new Progress.Target(out, columns), 40_000, () -> TimeUnit.SECONDS.toNanos(seconds));
  }

  private void at(long second, Progress progress, long tokens, long characters, long failures) {
    seconds = second;
    progress.update(tokens, characters, failures);
  }

  private String[] lines() {
    return bytes.toString(StandardCharsets.UTF_8).split("\\R");
  }
}
