package io.radialnet.jobs.shard;

import io.radialnet.jobs.progress.Progress;
import io.radialnet.jobs.progress.ProgressListener;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/** What tasks report while they run. Serialized to executors. */
public record ProgressCounters(
    LongAccumulator tokens, LongAccumulator characters, LongAccumulator failures)
    implements Serializable {

  /** Makes them known to the listener of progress. */
  public static ProgressCounters register(SparkContext spark) {
    return new ProgressCounters(
        spark.longAccumulator(ProgressListener.TOKENS),
        spark.longAccumulator(ProgressListener.CHARACTERS),
        spark.longAccumulator(ProgressListener.FAILURES));
  }

  /** At the end of all tasks: the listener may not have heard of the last yet. */
  public void tell(Progress progress, long allCharacters) {
    progress.update(tokens.value(), allCharacters, failures.value());
  }
}
