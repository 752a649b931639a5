package io.radialnet.jobs.routerfit;

import io.radialnet.error.UserException;
import io.radialnet.jobs.provenance.ExamplesManifest;
import io.radialnet.jobs.table.RouterExamplesTable;
import io.radialnet.router.RouterFeatures;
import io.radialnet.router.RouterName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What {@code router-data} wrote.
 *
 * @param directory as the user named it
 * @param manifest what the rows are about
 * @param rows {@code router_examples}
 */
record Examples(String directory, ExamplesManifest manifest, Dataset<Row> rows) {

  private static final String TOKEN_FREQUENCIES = "token_frequencies";

  /**
   * Opens a directory.
   *
   * @throws UserException if it is none of router-data, that has not finished, or its features are
   *     of another version
   */
  static Examples open(SparkSession spark, String directory) {
    ExamplesManifest manifest =
        ExamplesManifest.read(new Path(directory), spark.sessionState().newHadoopConf());
    int version = manifest.features().version();
    if (version != RouterFeatures.VERSION) {
      throw unusable(
          directory,
          "their features are of version " + version + ", this one's " + RouterFeatures.VERSION,
          "Run `radial router-data` of this version");
    }
    if (!(manifest.threshold() > 0 && manifest.threshold() < 1)) {
      throw unusable(
          directory,
          "their threshold is " + manifest.threshold() + ", expected above 0 and under 1",
          "Run `radial router-data` with such a --threshold");
    }
    String table = new Path(directory, RouterExamplesTable.NAME).toString();
    return new Examples(directory, manifest, RouterExamplesTable.read(spark, table));
  }

  static UserException unusable(String directory, String cause, String remedy) {
    return UserException.of("Cannot use the examples in " + directory, cause, remedy);
  }

  /** How many ratios are known before a router's block runs. */
  int previousRatios(RouterName router) {
    return RouterFeatures.previousRatios(router.layer(), router.block(), manifest.inputs());
  }

  /**
   * The logarithm of each token's frequency, as routers are told it, by token id; empty where the
   * examples come without.
   */
  float[] logFrequencies(SparkSession spark) {
    Path table = new Path(directory, TOKEN_FREQUENCIES);
    if (!exists(spark, table)) {
      return new float[0];
    }
    float[] frequencies = new float[manifest.vocabularySize()];
    Arrays.fill(
        frequencies, RouterFeatures.logFrequency(0, manifest.tokens(), manifest.vocabularySize()));
    for (Row row :
        spark
            .read()
            .parquet(table.toString())
            .select("token_id", "log_frequency")
            .collectAsList()) {
      frequencies[row.getInt(0)] = row.getFloat(1);
    }
    return frequencies;
  }

  private static boolean exists(SparkSession spark, Path path) {
    try {
      return path.getFileSystem(spark.sessionState().newHadoopConf()).exists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What slices are values of. */
  String sliceBy() {
    return manifest.json().path("slice_by").asText("domain");
  }
}
