package io.radialnet.jobs.routerfit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.provenance.ExamplesManifest;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.table.RouterExamplesTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Examples as router-data writes them, of a model of 2 layers: blocks that can be skipped when a
 * curved function of two projected numbers says so, with an effect of the document. 0.attn never
 * can; in domain b the projection has the other sign, so that what is learned there does not
 * transfer. Half of those that cannot be skipped were sampled, so they weigh 2.
 */
public final class SyntheticExamples {

  static final int LAYERS = 2;
  static final int PROJECTION = 4;
  static final double THRESHOLD = 0.2;
  static final String RUN_ID = "00000000000000aa";

  private final int tokens;
  private final Random random;
  private final List<Row> rows = new ArrayList<>();

  private SyntheticExamples(int tokens, long seed) {
    this.tokens = tokens;
    this.random = new Random(seed);
  }

  /** Of so many documents, each of so many tokens. */
  public static List<Row> rows(int documents, int tokens) {
    SyntheticExamples examples = new SyntheticExamples(tokens, 7);
    for (int document = 0; document < documents; document++) {
      examples.addDocument(document);
    }
    return examples.rows;
  }

  private void addDocument(int document) {
    String domain = document % 7 == 0 ? "b" : "a";
    double effect = 0.5 * random.nextGaussian();
    String split = document % 10 < 6 ? "train" : document % 10 < 8 ? "validation" : "test";
    for (int token = 0; token < tokens; token++) {
      float[] previous = new float[0];
      for (int layer = 0; layer < LAYERS; layer++) {
        for (String block : new String[] {"attn", "mlp"}) {
          float ratio = add(document, domain, split, token, layer, block, previous, effect);
          previous = Arrays.copyOf(previous, previous.length + 1);
          previous[previous.length - 1] = ratio;
        }
      }
    }
  }

  private float add(
      int document,
      String domain,
      String split,
      int token,
      int layer,
      String block,
      float[] previous,
      double effect) {
    float[] projection = new float[PROJECTION];
    for (int i = 0; i < PROJECTION; i++) {
      projection[i] = (float) (3 + 2 * random.nextGaussian());
    }
    double a = (projection[0] - 3) / 2 * (domain.equals("b") ? -1 : 1);
    double b = (projection[1] - 3) / 2;
    double z = 1.2 * a + 0.8 * b * b + effect + 0.7 * random.nextGaussian();
    float ratio = (float) (0.2 * Math.exp(0.5 - 0.5 * z));
    if (layer == 0 && block.equals("attn")) {
      ratio = 0.5f + Math.min(ratio, 0.4f);
    }
    boolean label = ratio < THRESHOLD;
    if (label || random.nextBoolean()) {
      rows.add(
          RowFactory.create(
              "doc-" + document,
              domain,
              0,
              token,
              token % 50,
              layer,
              block,
              projection,
              (float) (1 + 0.1 * random.nextGaussian()),
              previous,
              (float) -random.nextInt(8),
              ratio,
              label,
              label ? 1.0 : 2.0,
              split,
              document % 5,
              document % 2));
    }
    return ratio;
  }

  /** Writes them with their manifest. */
  public static Path write(SparkSession spark, Path directory, List<Row> rows) {
    return write(spark, directory, rows, manifest -> {});
  }

  /** Writes them with a changed manifest. */
  public static Path write(
      SparkSession spark, Path directory, List<Row> rows, Consumer<ObjectNode> change) {
    spark
        .createDataFrame(rows, RouterExamplesTable.schema())
        .coalesce(2)
        .write()
        .mode(SaveMode.Overwrite)
        .partitionBy("shard")
        .parquet(directory.resolve(RouterExamplesTable.NAME).toString());
    ObjectNode manifest = RunManifest.newObject();
    manifest.put("run_id", RUN_ID);
    manifest.put("status", RunManifest.COMPLETE);
    manifest.put("model", "synthetic");
    manifest.put("model_fingerprint", "a".repeat(64));
    manifest.put("corpus_fingerprint", "c".repeat(64));
    manifest.put("layers", LAYERS);
    manifest.put("hidden_size", 64);
    manifest.put("vocabulary_size", 50);
    manifest.put("parallel", false);
    manifest.put("threshold", THRESHOLD);
    manifest.put("seed", 1);
    manifest
        .putObject("features")
        .put("projection", PROJECTION)
        .put("projection_seed", 1)
        .put("version", 1);
    manifest.put("examples", rows.size());
    manifest.put("tokens", 100_000);
    change.accept(manifest);
    RunManifest.write(
        new org.apache.hadoop.fs.Path(directory.toString()),
        ExamplesManifest.FILE_NAME,
        manifest,
        spark.sessionState().newHadoopConf());
    return directory;
  }
}
