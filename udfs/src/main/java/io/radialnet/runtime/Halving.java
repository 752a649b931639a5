package io.radialnet.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a batch, and on running out of device memory its two halves, down to single items. */
final class Halving {

  private static final Logger LOG = LoggerFactory.getLogger(Halving.class);

  private Halving() {}

  /**
   * The results of all items in order.
   *
   * @param pass runs a batch whole
   * @throws RuntimeException of the pass, when a single item does not fit or anything else failed
   */
  static <T, R> List<R> run(List<T> batch, Function<List<T>, List<R>> pass) {
    try {
      return pass.apply(batch);
    } catch (RuntimeException e) {
      if (batch.size() == 1 || !isOutOfMemory(e)) {
        throw e;
      }
      LOG.warn("A batch of {} windows does not fit the device's memory: halved", batch.size());
    }
    int half = batch.size() / 2;
    List<R> results = new ArrayList<>(run(batch.subList(0, half), pass));
    results.addAll(run(batch.subList(half, batch.size()), pass));
    return results;
  }

  /** libtorch tells by its message alone: CUDA's allocator and the CPU's each have their words. */
  private static boolean isOutOfMemory(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("out of memory") || message.contains("can't allocate memory");
  }
}
