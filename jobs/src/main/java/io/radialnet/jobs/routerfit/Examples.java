package io.radialnet.jobs.routerfit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.table.RouterExamplesTable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What {@code router-data} wrote: its manifest and its rows.
 *
 * @param directory as the user named it
 * @param manifest {@code examples.json}, complete
 * @param rows {@code router_examples}
 */
record Examples(String directory, ObjectNode manifest, Dataset<Row> rows) {

  /** The manifest's file name. */
  static final String MANIFEST = "examples.json";

  private static final String REMEDY = "Name a directory that `radial router-data` has finished";

  /**
   * Opens a directory.
   *
   * @throws UserException if it is none of router-data, or that has not finished
   */
  static Examples open(SparkSession spark, String directory) {
    Path path = new Path(directory);
    ObjectNode manifest =
        RunManifest.read(path, MANIFEST, spark.sessionState().newHadoopConf())
            .orElseThrow(() -> unusable(directory, "it has no " + MANIFEST));
    String status = manifest.path("status").asText();
    if (!status.equals(RunManifest.COMPLETE)) {
      throw unusable(directory, "router-data has not finished, its status is '" + status + "'");
    }
    Examples examples = new Examples(directory, manifest, RouterExamplesTable.read(spark, directory));
    examples.checkManifest();
    return examples;
  }

  private void checkManifest() {
    for (String key : new String[] {"run_id", "model", "model_fingerprint"}) {
      if (manifest.path(key).asText().isEmpty()) {
        throw unusable(directory, MANIFEST + " lacks " + key);
      }
    }
    if (!(threshold() > 0 && threshold() < 1)) {
      throw unusable(
          directory,
          MANIFEST + " says threshold " + manifest.path("threshold") + ", expected above 0, under 1");
    }
    if (layers() < 1 || projection() < 1) {
      throw unusable(directory, MANIFEST + " lacks layers or features.projection");
    }
  }

  private static UserException unusable(String directory, String cause) {
    return UserException.of("Cannot use the examples in " + directory, cause, REMEDY);
  }

  String runId() {
    return manifest.path("run_id").asText();
  }

  String model() {
    return manifest.path("model").asText();
  }

  String modelFingerprint() {
    return manifest.path("model_fingerprint").asText();
  }

  int layers() {
    return manifest.path("layers").asInt();
  }

  /** A block can be skipped when its residual ratio is under this. */
  double threshold() {
    return manifest.path("threshold").asDouble(Double.NaN);
  }

  /** How many numbers the stream is projected to. */
  int projection() {
    return manifest.path("features").path("projection").asInt();
  }

  /** How features are computed from the stream, as JSON. */
  String features() {
    return manifest.path("features").toString();
  }

  /** What slices are values of: {@code domain}. */
  String sliceBy() {
    return manifest.path("options").path("slice-by").asText("domain");
  }
}
