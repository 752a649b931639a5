package io.radialnet.jobs.profile;

import java.util.LinkedHashMap;
import java.util.Map;

/** Wall-clock seconds of the stages of a job, one after the other. Not thread-safe. */
final class StageClock {

  private final long start = System.nanoTime();
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long last = start;

  /** Ends a stage, which began when the one before it ended. */
  void finished(String stage) {
    long now = System.nanoTime();
    seconds.put(stage, (now - last) / 1e9);
    last = now;
  }

  Map<String, Double> seconds() {
    return seconds;
  }

  /** Seconds from the start to the end of the last stage. */
  double total() {
    return (last - start) / 1e9;
  }
}
