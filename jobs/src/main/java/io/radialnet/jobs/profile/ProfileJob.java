package io.radialnet.jobs.profile;

import io.radialnet.jobs.options.ProfileOptions;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Placeholder of the pipeline. */
public final class ProfileJob {
  private ProfileJob() {}

  /** Runs the pipeline. */
  public static ProfileResult run(
      SparkSession spark, ProfileOptions options, PrintStream progressSink) {
    if (!options.out().isEmpty()) {
      throw new IllegalStateException("not merged");
    }
    return new ProfileResult(List.of(), Map.of(), "{}", false);
  }
}
