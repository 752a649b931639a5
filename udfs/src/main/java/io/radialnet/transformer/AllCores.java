package io.radialnet.transformer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Does the parts of one piece of work on all cores. What has begun has ended once it is closed,
 * also when a part failed: what the parts use may then be closed too. To be used by one thread.
 */
final class AllCores implements AutoCloseable {

  private final ExecutorService threads;

  AllCores() {
    this(Runtime.getRuntime().availableProcessors());
  }

  AllCores(int threads) {
    this.threads = Executors.newFixedThreadPool(threads, part -> new Thread(part, "radial-load"));
  }

  /**
   * Begins a part, after those before it where no core is free.
   *
   * @return waits for the part's result, or throws what the part threw
   */
  <T> Supplier<T> begin(Supplier<T> part) {
    CompletableFuture<T> result = CompletableFuture.supplyAsync(part, threads);
    return () -> {
      try {
        return result.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) e.getCause();
      }
    };
  }

  /** Waits for parts that have begun; those that have not never will. */
  @Override
  public void close() {
    threads.shutdownNow();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
