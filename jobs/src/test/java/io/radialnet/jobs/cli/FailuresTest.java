package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.error.UserException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class FailuresTest {

  private final UserException noCuda =
      UserException.of("Cannot run on cuda", "there is none", "Use --device cpu");

  private final StringWriter err = new StringWriter();

  @Test
  void aCauseThatTheUserCanMendIsOneLine() {
    assertThat(report(new SparkException("Job aborted", new RuntimeException(noCuda))))
        .isEqualTo(2);
    assertThat(err).hasToString("radial: Cannot run on cuda: there is none. Use --device cpu.\n");
  }

  @Test
  void itIsFoundInTheTextThatSparkMadeOfATask() {
    SparkException failure =
        new SparkException(
            "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent"
                + " failure: Lost task 0.3 in stage 1.0 (TID 7) (10.0.0.2 executor 1): "
                + "io.radialnet.error.UserException: Cannot run on cuda: there is none."
                + " Use --device cpu.\n\tat io.radialnet.runtime.Devices.of(Devices.java:9)\n");

    assertThat(report(failure)).isEqualTo(2);
    assertThat(err).hasToString("radial: Cannot run on cuda: there is none. Use --device cpu.\n");
  }

  @Test
  void otherFailuresAreOneLineAndAHint() {
    assertThat(report(new IllegalStateException("broken\n\tat somewhere"))).isEqualTo(1);
    assertThat(err)
        .hasToString(
            "radial: Failed: java.lang.IllegalStateException: broken"
                + " (--debug shows the stack trace)\n");
  }

  @Test
  void debuggingShowsTheStackTraceFirst() {
    assertThat(Failures.report(noCuda, new PrintWriter(err, true), true)).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("io.radialnet.error.UserException: ")
        .contains("\tat io.radialnet.jobs.cli.FailuresTest")
        .endsWith("radial: Cannot run on cuda: there is none. Use --device cpu.\n");
  }

  private int report(Throwable failure) {
    return Failures.report(failure, new PrintWriter(err, true), false);
  }
}
