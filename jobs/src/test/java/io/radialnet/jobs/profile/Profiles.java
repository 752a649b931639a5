package io.radialnet.jobs.profile;

import io.radialnet.jobs.options.ProfileOptions;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Runs {@code profile} in the tests' session. */
final class Profiles {

  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  private Profiles() {}

  static ProfileOptions.Builder options(Path model, Path corpus, Path out) {
    return ProfileOptions.builder(model.toString(), corpus.toString(), out.toString());
  }

  /** What a run shows of its progress, line by line. */
  static List<String> progress(SparkSession spark, ProfileOptions.Builder options) {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    ProfileJob.run(spark, options.build(), new PrintStream(shown, true, StandardCharsets.UTF_8));
    return shown.toString(StandardCharsets.UTF_8).lines().toList();
  }

  static ProfileResult run(SparkSession spark, ProfileOptions.Builder options) {
    return ProfileJob.run(spark, options.build(), NOWHERE);
  }
}
