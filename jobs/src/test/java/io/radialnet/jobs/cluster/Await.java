package io.radialnet.jobs.cluster;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for conditions of other processes; whatever takes longer than a deadline has failed. */
final class Await {

  /** Far beyond what anything takes, so that a slow machine fails no test. */
  static final Duration DEADLINE = Duration.ofMinutes(4);

  private static final Duration INTERVAL = Duration.ofMillis(20);

  private Await() {}

  /**
   * Returns when a condition holds.
   *
   * @param what names it in the failure
   */
  static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > DEADLINE.toNanos()) {
        throw new AssertionError("not within " + DEADLINE.toSeconds() + " s: " + what);
      }
      Thread.sleep(INTERVAL.toMillis());
    }
  }
}
