package io.radialnet.jobs.progress;

import java.io.PrintStream;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;

/** Tasks whose progress is shown while they run. */
public final class ShownTasks {

  private ShownTasks() {}

  /**
   * Runs tasks that report to the counters that {@link ProgressListener} reads.
   *
   * @param sink where progress is shown
   * @param total how many characters, as the tasks count them, there are to be done
   * @param tasks starts the tasks and waits for them; may tell the progress what the listener has
   *     not heard of yet
   */
  public static void run(
      SparkContext spark, PrintStream sink, long total, Consumer<Progress> tasks) {
    try (Progress progress = Progress.start(sink, total)) {
      ProgressListener listener = new ProgressListener(progress);
      spark.addSparkListener(listener);
      try {
        tasks.accept(progress);
      } finally {
        spark.removeSparkListener(listener);
      }
    }
  }
}
