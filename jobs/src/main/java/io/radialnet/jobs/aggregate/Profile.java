package io.radialnet.jobs.aggregate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.table.TokenRatiosTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A finished profile, checked. Stays on the driver.
 *
 * @param directory what {@code profile} wrote
 * @param manifest its run.json
 * @param tokenRatios its table
 * @param run what rows say of it
 */
record Profile(String directory, ObjectNode manifest, Dataset<Row> tokenRatios, Run run) {

  /** The values that kept columns may have together. */
  private static final int MAX_SLICES = 200;

  private static final List<String> BLOCKS = List.of("attn", "mlp", "layer");

  /**
   * Opens profiles that can be aggregated together.
   *
   * @throws UserException when one is no profile, or not finished; when one run is given twice or
   *     they were measured differently; or when a column to slice by is not there
   */
  static List<Profile> open(SparkSession spark, List<String> directories, List<String> sliceBy) {
    List<Profile> profiles = new ArrayList<>();
    for (String directory : directories) {
      profiles.add(open(spark, directory));
    }
    requireDifferentRuns(profiles);
    requireSameMeasures(profiles);
    profiles.forEach(profile -> profile.requireSlices(sliceBy));
    return profiles;
  }

  private static Profile open(SparkSession spark, String directory) {
    Path path = new Path(directory);
    Configuration conf = spark.sessionState().newHadoopConf();
    ObjectNode manifest =
        RunManifest.read(path, conf)
            .orElseThrow(() -> noProfile(directory, "it has no " + RunManifest.FILE_NAME));
    for (String key : List.of("run_id", "status", "model", "family", "layers", "parameters")) {
      if (!manifest.hasNonNull(key)) {
        throw noProfile(directory, "its " + RunManifest.FILE_NAME + " has no " + key);
      }
    }
    if (!manifest.path("status").asText().equals(RunManifest.COMPLETE)) {
      throw UserException.of(
          "Cannot aggregate " + directory,
          "its run is not finished",
          "Run the same profile command again: it goes on where it was interrupted");
    }
    Dataset<Row> tokenRatios =
        TokenRatiosTable.read(spark, new Path(path, TokenRatiosTable.NAME).toString());
    List<String> measures = TokenRatiosTable.measureColumns(tokenRatios.schema());
    List<String> blocks =
        BLOCKS.stream().filter(block -> measures.contains(block + "_ratio")).toList();
    if (blocks.isEmpty()) {
      throw UserException.of(
          "Cannot aggregate " + directory,
          "it has " + String.join(", ", measures) + ", but no ratio",
          "Profile with ratio among --measures");
    }
    return new Profile(directory, manifest, tokenRatios, run(manifest, blocks));
  }

  private static Run run(ObjectNode manifest, List<String> blocks) {
    String id = manifest.path("run_id").asText();
    return new Run(
        id,
        manifest.path("model").asText(),
        manifest.path("family").asText(),
        manifest.path("modality").asText("text"),
        manifest.path("parameters").asLong(),
        manifest.path("layers").asInt(),
        blocks,
        List.of(id));
  }

  private static UserException noProfile(String directory, String reason) {
    return UserException.of(
        "Cannot aggregate " + directory, reason, "Name a directory that profile wrote");
  }

  private static void requireDifferentRuns(List<Profile> profiles) {
    Map<String, String> directories = new HashMap<>();
    for (Profile profile : profiles) {
      String other = directories.put(profile.run().id(), profile.directory());
      if (other != null) {
        throw UserException.of(
            "Cannot aggregate " + other + " and " + profile.directory() + " together",
            "both are run " + profile.run().id(),
            "Name one of them");
      }
    }
  }

  private static void requireSameMeasures(List<Profile> profiles) {
    Profile first = profiles.get(0);
    for (Profile profile : profiles) {
      if (!profile.measures().equals(first.measures())) {
        throw UserException.of(
            "Cannot aggregate " + first.directory() + " and " + profile.directory() + " together",
            "one has "
                + String.join(", ", first.measures())
                + " and the other "
                + String.join(", ", profile.measures()),
            "Aggregate them one after the other, or profile with the same --blocks and --measures");
      }
    }
  }

  private List<String> measures() {
    return TokenRatiosTable.measureColumns(tokenRatios.schema()).stream().sorted().toList();
  }

  private void requireSlices(List<String> sliceBy) {
    List<String> kept = TokenRatiosTable.keptColumns(tokenRatios.schema());
    long values = 0;
    for (String column : sliceBy) {
      if (!kept.contains(column)) {
        throw UserException.of(
            "Cannot slice " + directory + " by '" + column + "'",
            kept.isEmpty() ? "it has no kept columns" : "its kept columns are " + kept,
            "Profile with --keep-columns " + column);
      }
      values += tokenRatios.select(column).distinct().limit(MAX_SLICES + 1).count();
    }
    if (values > MAX_SLICES) {
      throw UserException.of(
          "Cannot slice " + directory + " by " + String.join(", ", sliceBy),
          "there are more than " + MAX_SLICES + " values",
          "Slice by columns with fewer");
    }
  }

  boolean hasCosine() {
    return measures().containsAll(run.blocks().stream().map(block -> block + "_cosine").toList());
  }

  /** The files of its table, as URIs. */
  List<String> files() {
    return List.of(tokenRatios.inputFiles());
  }

  long tokens() {
    return manifest.path("tokens").asLong();
  }
}
