package io.radialnet.jobs.progress;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.collection.Iterator;
import scala.collection.Seq;

/**
 * Sums what tasks report of themselves in three named accumulators: finished tasks by their last
 * values, running ones by those of their latest heartbeat. What a failed attempt had reported is
 * taken back, and a shard that is run twice counts once.
 *
 * <p>Spark calls listeners from one thread; this one is for a single use by it.
 */
public final class ProgressListener extends SparkListener {

  /** The name of the accumulator of tokens done. */
  public static final String TOKENS = "radial.tokens";

  /** The name of the accumulator of characters done. */
  public static final String CHARACTERS = "radial.characters";

  /** The name of the accumulator of failed documents. */
  public static final String FAILURES = "radial.failures";

  private static final List<String> NAMES = List.of(TOKENS, CHARACTERS, FAILURES);

  private final Progress progress;
  private final Map<Long, long[]> running = new HashMap<>();
  private final Map<Partition, long[]> finished = new HashMap<>();
  private final long[] finishedSum = new long[NAMES.size()];

  /** Feeds {@code progress}, which stays the caller's to close. */
  public ProgressListener(Progress progress) {
    this.progress = progress;
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart event) {
    running.put(event.taskInfo().taskId(), new long[NAMES.size()]);
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
    event
        .accumUpdates()
        .foreach(
            update -> {
              // A heartbeat may arrive after the end of its task, which counts already.
              running.computeIfPresent(
                  (Long) update._1(), (task, before) -> latest(before, update._4()));
              return null;
            });
    show();
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    long[] heartbeat = running.remove(event.taskInfo().taskId());
    if (event.reason() == Success$.MODULE$) {
      long[] before = heartbeat == null ? new long[NAMES.size()] : heartbeat;
      Partition partition = new Partition(event.stageId(), event.taskInfo().index());
      add(finishedSum, latest(before, event.taskInfo().accumulables()), 1);
      long[] replaced = finished.put(partition, latest(before, event.taskInfo().accumulables()));
      if (replaced != null) {
        add(finishedSum, replaced, -1);
      }
    }
    show();
  }

  private void show() {
    long[] sum = finishedSum.clone();
    running.values().forEach(task -> add(sum, task, 1));
    progress.update(sum[0], sum[1], sum[2]);
  }

  /** {@code before}, with those of our accumulators that {@code infos} has in their place. */
  private static long[] latest(long[] before, Seq<AccumulableInfo> infos) {
    long[] values = Arrays.copyOf(before, before.length);
    Iterator<AccumulableInfo> iterator = infos.iterator();
    while (iterator.hasNext()) {
      AccumulableInfo info = iterator.next();
      int index = info.name().isDefined() ? NAMES.indexOf(info.name().get()) : -1;
      if (index >= 0 && info.update().isDefined() && info.update().get() instanceof Long value) {
        values[index] = value;
      }
    }
    return values;
  }

  private static void add(long[] sum, long[] values, int sign) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += sign * values[i];
    }
  }

  private record Partition(int stageId, int index) {}
}
