package io.radialnet.jobs.profile;

import io.radialnet.jobs.progress.ProgressListener;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/** What tasks report while they run. Serialized to executors. */
record ProgressCounters(
    LongAccumulator tokens, LongAccumulator characters, LongAccumulator failures)
    implements Serializable {

  static ProgressCounters register(SparkContext spark) {
    return new ProgressCounters(
        spark.longAccumulator(ProgressListener.TOKENS),
        spark.longAccumulator(ProgressListener.CHARACTERS),
        spark.longAccumulator(ProgressListener.FAILURES));
  }
}
