package io.radialnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.runtime.ModelCache.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ModelCacheTest {

  private final AtomicInteger loads = new AtomicInteger();

  private final class FakeModel implements AutoCloseable {
    private final String name;
    private boolean closed;

    FakeModel(String model, String device) {
      name = model + "@" + device;
      loads.incrementAndGet();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final ModelCache<String, FakeModel> cache = new ModelCache<>(1, FakeModel::new);

  @Test
  void tasksShareOneModelADevice() throws Exception {
    int tasks = 8;
    CountDownLatch together = new CountDownLatch(tasks);
    ExecutorService threads = Executors.newFixedThreadPool(tasks);
    try {
      List<Future<FakeModel>> models = new ArrayList<>();
      for (int i = 0; i < tasks; i++) {
        models.add(
            threads.submit(
                () -> {
                  together.countDown();
                  together.await();
                  try (Lease<FakeModel> lease = cache.acquire("opt", "cpu")) {
                    return lease.model();
                  }
                }));
      }
      for (Future<FakeModel> model : models) {
        assertThat(model.get()).isSameAs(models.get(0).get());
      }
    } finally {
      threads.shutdown();
    }
    assertThat(loads).hasValue(1);
  }

  @Test
  void devicesHaveModelsOfTheirOwn() {
    try (Lease<FakeModel> first = cache.acquire("opt", "cuda:0");
        Lease<FakeModel> second = cache.acquire("opt", "cuda:1")) {
      assertThat(first.model().name).isEqualTo("opt@cuda:0");
      assertThat(second.model().name).isEqualTo("opt@cuda:1");
    }
  }

  @Test
  void idleModelsBeyondTheCapacityAreClosed() {
    FakeModel first;
    try (Lease<FakeModel> lease = cache.acquire("a", "cpu")) {
      first = lease.model();
    }
    assertThat(first.closed).isFalse();
    try (Lease<FakeModel> lease = cache.acquire("b", "cpu")) {
      assertThat(first.closed).isTrue();
      assertThat(lease.model().closed).isFalse();
    }
    assertThat(cache.size()).isEqualTo(1);
    cache.close();
    assertThat(cache.size()).isZero();
  }

  @Test
  void modelsInUseStayOpen() {
    try (Lease<FakeModel> first = cache.acquire("a", "cpu")) {
      try (Lease<FakeModel> second = cache.acquire("b", "cpu")) {
        assertThat(first.model().closed).isFalse();
        assertThat(second.model().closed).isFalse();
      }
      cache.close();
      assertThat(first.model().closed).isFalse();
    }
    assertThat(cache.size()).isLessThanOrEqualTo(1);
  }

  @Test
  void aFailedLoadIsTriedAgain() {
    AtomicInteger attempts = new AtomicInteger();
    ModelCache<String, FakeModel> failing =
        new ModelCache<>(
            1,
            (model, device) -> {
              if (attempts.incrementAndGet() == 1) {
                throw new IllegalStateException("disk");
              }
              return new FakeModel(model, device);
            });
    assertThatThrownBy(() -> failing.acquire("a", "cpu")).hasMessage("disk");
    try (Lease<FakeModel> lease = failing.acquire("a", "cpu")) {
      assertThat(lease.model().name).isEqualTo("a@cpu");
    }
  }
}
