package io.radialnet.jobs.aggregate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.SparkSession;

/**
 * Runs several writes of tables at once: each is a chain of small Spark jobs that leave most cores
 * idle.
 */
final class Concurrently {

  private static final int THREADS = 4;

  private Concurrently() {}

  /** Runs all; when some fail, throws what the first of them threw after all have ended. */
  static void run(SparkSession spark, List<Runnable> writes) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Runnable write : writes) {
        running.add(
            threads.submit(
                () -> {
                  SparkSession.setActiveSession(spark);
                  write.run();
                }));
      }
      await(running);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(List<Future<?>> running) {
    RuntimeException first = null;
    for (Future<?> write : running) {
      try {
        write.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        first = first == null ? (RuntimeException) e.getCause() : first;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while tables are written", e);
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
