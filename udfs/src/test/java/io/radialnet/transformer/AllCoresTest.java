package io.radialnet.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AllCoresTest {

  @Test
  void partsRunAtTheSameTimeAndGiveTheirResults() {
    CountDownLatch both = new CountDownLatch(2);
    try (AllCores cores = new AllCores(2)) {
      Supplier<Integer> one = cores.begin(() -> meet(both, 1));
      Supplier<String> two = cores.begin(() -> meet(both, "two"));
      assertThat(one.get()).isEqualTo(1);
      assertThat(two.get()).isEqualTo("two");
    }
  }

  @Test
  void aFailureIsThrownWhenWhatHasBegunHasEnded() {
    CountDownLatch begun = new CountDownLatch(2);
    AtomicBoolean ended = new AtomicBoolean();
    assertThatThrownBy(
            () -> {
              try (AllCores cores = new AllCores(2)) {
                cores.begin(() -> endWhenInterrupted(begun, ended));
                Supplier<Integer> failing = cores.begin(() -> fail(begun));
                failing.get();
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no such tensor");
    assertThat(ended).isTrue();
  }

  @Test
  void whatHasNotBegunWhenItIsClosedNeverWill() {
    AtomicBoolean everBegan = new AtomicBoolean();
    try (AllCores cores = new AllCores(1)) {
      cores.begin(() -> endWhenInterrupted(new CountDownLatch(1), new AtomicBoolean()));
      cores.begin(() -> everBegan.getAndSet(true));
    }
    assertThat(everBegan).isFalse();
  }

  private static <T> T meet(CountDownLatch all, T result) {
    await(all);
    return result;
  }

  private static int fail(CountDownLatch begun) {
    await(begun);
    throw new IllegalStateException("no such tensor");
  }

  /** Takes a while to end, so that one who does not wait for it has gone on by then. */
  private static boolean endWhenInterrupted(CountDownLatch begun, AtomicBoolean ended) {
    begun.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      LockSupport.parkNanos(200_000_000);
      ended.set(true);
    }
    return true;
  }

  private static void await(CountDownLatch all) {
    all.countDown();
    try {
      all.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
