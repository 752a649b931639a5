package io.radialnet.runtime;

import ai.djl.Device;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Runs the batches of all tasks of this process, on CPUs in as many threads as it has had tasks at
 * once: where Spark has no more tasks for a core, it takes batches of those that are left. A corpus
 * of few documents, and the end of every run, would else leave cores idle. What a batch gives does
 * not depend on its thread, and no more batches run at once than tasks could have run.
 *
 * <p>To be opened by a task for as long as it may run batches, and used by its thread alone. On a
 * GPU batches stay in the thread of their task.
 */
public final class BatchThreads implements AutoCloseable {

  private static final Pool OF_PROCESS = new Pool();

  private final Pool pool;

  private BatchThreads(Pool pool) {
    this.pool = pool;
  }

  /** For the task of this thread; best before it waits for its model, as others do then. */
  public static BatchThreads ofTask() {
    return OF_PROCESS.join();
  }

  /**
   * Runs batches, several at once where there is a thread for them. When this ends none is running,
   * also when it ends early.
   *
   * @param device that the batches run on
   * @param work what a batch gives, in any thread
   * @param then is told in this thread, in the order of the batches; what it throws stops those
   *     that have not begun
   * @return nanoseconds that the work took, summed over batches
   * @throws CancellationException if this thread is interrupted
   * @throws RuntimeException of the first batch that failed
   */
  public <B, R> long run(
      Device device, List<B> batches, Function<B, R> work, BiConsumer<B, R> then) {
    LongAdder nanos = new LongAdder();
    Function<B, R> timed =
        batch -> {
          long start = System.nanoTime();
          R result = work.apply(batch);
          nanos.add(System.nanoTime() - start);
          return result;
        };
    if (device.isGpu()) {
      batches.forEach(batch -> then.accept(batch, timed.apply(batch)));
    } else {
      share(batches, timed, then);
    }
    return nanos.sum();
  }

  private <B, R> void share(List<B> batches, Function<B, R> work, BiConsumer<B, R> then) {
    List<FutureTask<R>> parts =
        batches.stream().map(batch -> new FutureTask<>(() -> work.apply(batch))).toList();
    parts.forEach(pool.threads::execute);
    try {
      for (int i = 0; i < parts.size(); i++) {
        then.accept(batches.get(i), result(parts.get(i)));
      }
    } finally {
      List<FutureTask<R>> begun =
          parts.stream().filter(part -> !pool.threads.remove(part)).toList();
      begun.forEach(BatchThreads::awaitEnd);
    }
  }

  private static <R> R result(FutureTask<R> part) {
    try {
      return part.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while batches were running");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause(); // work declares no other
    }
  }

  /** Of one that is in a thread or has been. */
  private static void awaitEnd(FutureTask<?> part) {
    boolean interrupted = false;
    while (!part.isDone()) {
      try {
        part.get();
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        // the first failure has been told
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    pool.leave();
  }

  /** The threads, as many as there have been tasks at once. Thread-safe. */
  static final class Pool {

    private static final int IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Pool::daemon);
    private int tasks; // guarded by this

    Pool() {
      threads.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable batches) {
      Thread thread = new Thread(batches, "radial-batches");
      thread.setDaemon(true);
      return thread;
    }

    synchronized BatchThreads join() {
      tasks++;
      if (tasks > threads.getMaximumPoolSize()) {
        threads.setMaximumPoolSize(tasks);
        threads.setCorePoolSize(tasks);
      }
      return new BatchThreads(this);
    }

    private synchronized void leave() {
      tasks--;
    }
  }
}
