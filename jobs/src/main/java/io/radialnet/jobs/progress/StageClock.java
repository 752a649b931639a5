package io.radialnet.jobs.progress;

import java.util.LinkedHashMap;
import java.util.Map;

/** Wall-clock seconds of the stages of a job, one after the other. Not thread-safe. */
public final class StageClock {

  private final long start = System.nanoTime();
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long last = start;

  /** Ends a stage, which began when the one before it ended. */
  public void finished(String stage) {
    long now = System.nanoTime();
    seconds.put(stage, (now - last) / 1e9);
    last = now;
  }

  /** Seconds by stage, in their order. */
  public Map<String, Double> seconds() {
    return seconds;
  }

  /** Seconds from the start to the end of the last stage. */
  public double total() {
    return (last - start) / 1e9;
  }
}
