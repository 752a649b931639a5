package io.radialnet.jobs.routerfit;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.SparkContext;

/**
 * Fits several routers at once, one thread each, and tells how many are done. When one fails, the
 * jobs of the others are cancelled and its failure is thrown.
 */
final class RouterPool {

  private static final long LINE_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

  private final SparkContext spark;
  private final int threads;
  private final PrintStream progressSink;

  RouterPool(SparkContext spark, int threads, PrintStream progressSink) {
    this.spark = spark;
    this.threads = threads;
    this.progressSink = progressSink;
  }

  /** Runs all, in any order. */
  List<FittedRouter> run(List<Callable<FittedRouter>> fits) {
    String tag = "fit-routers-" + UUID.randomUUID();
    spark.addJobTag(tag); // threads of the pool inherit it
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, fits.size()));
    try {
      CompletionService<FittedRouter> completion = new ExecutorCompletionService<>(pool);
      fits.forEach(completion::submit);
      return taken(completion, fits.size());
    } catch (ExecutionException e) {
      throw undeclared(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while routers were fitted", e);
    } finally {
      pool.shutdownNow();
      spark.cancelJobsWithTag(tag);
      spark.removeJobTag(tag);
    }
  }

  private List<FittedRouter> taken(CompletionService<FittedRouter> completion, int count)
      throws InterruptedException, ExecutionException {
    List<FittedRouter> routers = new ArrayList<>();
    long said = System.nanoTime();
    while (routers.size() < count) {
      routers.add(completion.take().get());
      long now = System.nanoTime();
      if (now - said >= LINE_EVERY_NANOS || routers.size() == count) {
        said = now;
        progressSink.println(
            String.format(Locale.ROOT, "%d of %d routers fitted", routers.size(), count));
      }
    }
    return routers;
  }

  private static RuntimeException undeclared(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("a router could not be fitted", failure);
  }
}
