package io.radialnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchThreadsTest {

  private static final Device CPU = Device.cpu();
  private static final int PATIENCE_SECONDS = 60;

  private final BatchThreads.Pool pool = new BatchThreads.Pool();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger begun = new AtomicInteger();

  @Test
  void oneTaskHasTheThreadsOfThoseThatHaveEnded() {
    try (BatchThreads left = pool.join()) {
      pool.join().close();
      CyclicBarrier together = new CyclicBarrier(2);
      List<Integer> done = new ArrayList<>();

      left.run(CPU, List.of(1, 2), batch -> met(together, batch), (batch, it) -> done.add(it));

      assertThat(done).containsExactly(1, 2);
    }
  }

  @Test
  void noMoreBatchesRunAtOnceThanThereWereTasks() {
    try (BatchThreads alone = pool.join()) {
      AtomicInteger most = new AtomicInteger();
      alone.run(
          CPU,
          IntStream.range(0, 50).boxed().toList(),
          counted(batch -> most.accumulateAndGet(running.get(), Math::max)),
          (batch, it) -> {});
      assertThat(most).hasValue(1);
    }
  }

  @Test
  void whatBatchesGiveIsToldInTheirOrderInTheThreadOfTheTask() {
    try (BatchThreads threads = pool.join()) {
      pool.join().close();
      CountDownLatch secondIsDone = new CountDownLatch(1);
      List<String> told = new ArrayList<>();

      threads.run(
          CPU,
          List.of(1, 2),
          batch -> {
            if (batch == 1) {
              await(secondIsDone);
            } else {
              secondIsDone.countDown();
            }
            return Thread.currentThread();
          },
          (batch, thread) -> {
            assertThat(thread).isNotSameAs(Thread.currentThread());
            told.add(batch + " in " + Thread.currentThread().getName());
          });

      String here = Thread.currentThread().getName();
      assertThat(told).containsExactly("1 in " + here, "2 in " + here);
    }
  }

  @Test
  void batchesOfAGpuStayInTheThreadOfTheTask() {
    try (BatchThreads threads = pool.join()) {
      threads.run(
          Device.gpu(0),
          List.of(1, 2),
          batch -> Thread.currentThread(),
          (batch, thread) -> assertThat(thread).isSameAs(Thread.currentThread()));
    }
  }

  @Test
  void aBatchThatFailsStopsThoseThatHaveNotBegun() {
    try (BatchThreads threads = pool.join()) {
      pool.join().close();
      assertThatThrownBy(
              () ->
                  threads.run(
                      CPU,
                      IntStream.range(0, 10_000).boxed().toList(),
                      counted(
                          batch -> {
                            if (batch == 3) {
                              throw new IllegalArgumentException("batch 3");
                            }
                            sleep(1);
                            return batch;
                          }),
                      (batch, it) -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("batch 3");
      assertThat(running).hasValue(0);
      assertThat(begun).hasValueLessThan(10_000);
    }
  }

  @Test
  void anInterruptedTaskWaitsForTheBatchThatIsRunning() {
    try (BatchThreads threads = pool.join()) {
      Thread task = Thread.currentThread();
      assertThatThrownBy(
              () ->
                  threads.run(
                      CPU,
                      List.of(1, 2),
                      counted(
                          batch -> {
                            task.interrupt();
                            sleep(300);
                            return batch;
                          }),
                      (batch, it) -> {}))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(running).hasValue(0);
      assertThat(begun).hasValue(1);
    }
  }

  private <B, R> Function<B, R> counted(Function<B, R> work) {
    return batch -> {
      begun.incrementAndGet();
      running.incrementAndGet();
      try {
        return work.apply(batch);
      } finally {
        running.decrementAndGet();
      }
    };
  }

  /** The batch, once another one is running too. */
  private static int met(CyclicBarrier together, int batch) {
    try {
      together.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return batch;
    } catch (Exception e) {
      throw new IllegalStateException("no other batch ran at the same time", e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
