package io.radialnet.jobs.routerfit;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.options.FitRoutersOptions;
import io.radialnet.jobs.options.Learner;
import io.radialnet.jobs.table.RouterExamplesTable;
import io.radialnet.jobs.table.RouterImportanceTable;
import io.radialnet.jobs.table.RouterQualityTable;
import io.radialnet.jobs.table.RouterReliabilityTable;
import io.radialnet.router.RouterModel;
import io.radialnet.router.RouterName;
import io.radialnet.router.Routers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.IsotonicRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One fit of all learners, looked at from all sides. */
@ExtendWith(SparkSessionExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FitRoutersJobTest {

  @TempDir private static Path directory;
  private Path examples;
  private Path out;
  private FitRoutersResult result;
  private String progress;

  @BeforeAll
  void fit(SparkSession spark) {
    examples =
        SyntheticExamples.write(
            spark, directory.resolve("examples"), SyntheticExamples.rows(200, 25));
    out = directory.resolve("out");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream sink = new PrintStream(said, true, StandardCharsets.UTF_8);
    result = FitRoutersJob.run(spark, options().build(), sink);
    progress = said.toString(StandardCharsets.UTF_8);
  }

  private FitRoutersOptions.Builder options() {
    return FitRoutersOptions.builder(examples.toString(), out.toString())
        .hidden(List.of(8))
        .regularization(List.of(0.0001))
        .trees(3)
        .depth(List.of(3))
        .iterations(12)
        .bootstrap(100)
        .shares(List.of(0.25, 0.5));
  }

  @ParameterizedTest
  @EnumSource(Learner.class)
  void everyModelIsSavedAndLoadsAgain(Learner learner, SparkSession spark) {
    PipelineModel model = saved(learner, "1.attn");
    Dataset<Row> rows = examplesOf(spark, "1.attn");
    Path again = directory.resolve("again-" + learner);
    assertThat(model.stages())
        .extracting(stage -> stage.getClass().getPackageName())
        .allMatch(name -> name.startsWith("org.apache.spark.ml."));
    write(model, again);

    List<Row> expected = predictions(model, rows);
    List<Row> loaded = predictions(PipelineModel.load(again.toString()), rows);
    assertThat(loaded).isEqualTo(expected);
    assertThat(expected.stream().map(row -> row.getDouble(1)).distinct()).hasSizeGreaterThan(3);
  }

  private static void write(PipelineModel model, Path path) {
    try {
      model.write().save(path.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Row> predictions(PipelineModel model, Dataset<Row> rows) {
    return model.transform(rows).select("probability", "calibrated").collectAsList();
  }

  private PipelineModel saved(Learner learner, String router) {
    return PipelineModel.load(out.resolve("models/" + learner + "/" + router).toString());
  }

  private Dataset<Row> examplesOf(SparkSession spark, String router) {
    RouterName name = RouterName.of(router);
    return RouterExamplesTable.read(spark, examples.resolve(RouterExamplesTable.NAME).toString())
        .where("layer = " + name.layer() + " AND block = '" + name.block().column() + "'");
  }

  /** On more than 10,000 examples of all routers, and the same when loaded again. */
  @ParameterizedTest
  @ValueSource(strings = {"routers.safetensors", "routers.logistic.safetensors"})
  void theExportedRouterDecidesAsMlLibDoes(String file, SparkSession spark) {
    int compared = 0;
    try (Routers routers = Routers.open(out.resolve(file));
        Routers again = Routers.open(out.resolve(file))) {
      Learner learner = Learner.valueOf(routers.metadata().learner().toUpperCase(Locale.ROOT));
      for (String router : List.of("0.mlp", "1.attn", "1.mlp")) {
        List<Row> rows =
            saved(learner, router)
                .transform(examplesOf(spark, router))
                .select("features", "calibrated")
                .collectAsList();
        double[][] features =
            rows.stream().map(row -> row.<Vector>getAs(0).toArray()).toArray(double[][]::new);
        double[] expected = rows.stream().mapToDouble(row -> row.getDouble(1)).toArray();
        RouterModel model = routers.of(RouterName.of(router)).orElseThrow();
        double[] actual = model.probabilities(features);
        assertThat(actual).containsExactly(expected, within(1e-9));
        assertThat(again.of(RouterName.of(router)).orElseThrow().probabilities(features))
            .containsExactly(actual);
        double threshold = model.threshold(0.5);
        for (int i = 0; i < actual.length; i++) {
          assertThat(actual[i] >= threshold)
              .as("decision %s", i)
              .isEqualTo(expected[i] >= threshold);
        }
        compared += rows.size();
      }
    }
    assertThat(compared).isGreaterThan(10_000);
  }

  @Test
  void theFileSaysWhatItIsFor() {
    try (Routers routers = Routers.open(out.resolve("routers.safetensors"))) {
      assertThat(routers.metadata().learner()).isEqualTo("mlp");
      assertThat(routers.metadata().modelFingerprint()).isEqualTo("a".repeat(64));
      assertThat(routers.metadata().threshold()).isEqualTo(SyntheticExamples.THRESHOLD);
      assertThat(routers.metadata().shares()).containsExactly(0.25, 0.5);
      assertThat(Samples.parsed(routers.metadata().features()))
          .isEqualTo(result.manifest().path("features"));
      assertThat(routers.models().keySet())
          .extracting(RouterName::toString)
          .containsExactly("0.attn", "0.mlp", "1.attn", "1.mlp");
    }
  }

  @Test
  void aBlockOfOneClassHasAConstantRouter(SparkSession spark) {
    try (Routers routers = Routers.open(out.resolve("routers.logistic.safetensors"))) {
      RouterModel model = routers.of(RouterName.of("0.attn")).orElseThrow();
      assertThat(model.isConstant()).isTrue();
      assertThat(model.probabilities(new double[3][7])).containsExactly(0, 0, 0);
    }
    assertThat(result.summary()).contains("  constant: 0.attn, never under the threshold in train");
    assertThat(out.resolve("models/mlp/0.attn")).doesNotExist();
    List<Row> rows =
        RouterQualityTable.ofTest(spark, tables())
            .where("layer = 0 AND block = 'attn'")
            .select("learner", "auc", "brier", "base_rate", "is_constant")
            .collectAsList();
    assertThat(rows).hasSize(5);
    for (Row row : rows) {
      assertThat(row.isNullAt(1)).isTrue();
      assertThat(row.getDouble(2)).isZero();
      assertThat(row.getDouble(3)).isZero();
      assertThat(row.getBoolean(4)).isEqualTo(!BASELINES.contains(row.getString(0)));
    }
  }

  private static final Set<String> BASELINES = Set.of("base_rate", "previous_ratio");

  private String tables() {
    return out.resolve("tables").toString();
  }

  @Test
  void learnersBeatBothBaselinesWhereThereIsSomethingToLearn(SparkSession spark) {
    Dataset<Row> quality = RouterQualityTable.ofTest(spark, tables()).where("layer = 1").cache();
    for (Row row : quality.collectAsList()) {
      String learner = row.getAs("learner");
      double auc = row.getAs("auc");
      assertThat(row.<Double>getAs("auc_low")).isLessThanOrEqualTo(auc);
      assertThat(row.<Double>getAs("auc_high")).isGreaterThanOrEqualTo(auc);
      if (BASELINES.contains(learner)) {
        assertThat(auc).as(learner).isBetween(0.4, 0.6);
        assertThat(row.isNullAt(row.fieldIndex("gain"))).isTrue();
      } else {
        assertThat(auc).as(learner).isGreaterThan(0.6);
        assertThat(row.<Double>getAs("gain_low")).as(learner).isPositive();
      }
    }
    quality.unpersist();
    assertThat(result.summary())
        .contains(
            "  mlp ranks better than both baselines in 3 of 4 blocks; no better, or not"
                + " shown, in 0.attn");
  }

  /** The figures of one router by SQL, from the predictions of its saved model. */
  @Test
  void figuresAreThoseOfAnIndependentComputation(SparkSession spark) {
    Dataset<Row> scored =
        saved(Learner.GBT, "1.mlp")
            .transform(examplesOf(spark, "1.mlp").where("split = 'test' AND domain = 'b'"))
            .withColumn(
                "score",
                org.apache
                    .spark
                    .ml
                    .functions
                    .vector_to_array(col("probability"), "float64")
                    .getItem(1))
            .selectExpr("score", "calibrated AS p", "double(label) AS y", "weight AS w", "doc_id");
    scored.createOrReplaceTempView("scored");
    Row expected =
        spark
            .sql(
                "WITH pairs AS (SELECT sum(a.w * b.w * CASE WHEN a.score > b.score THEN 1D"
                    + " WHEN a.score = b.score THEN 0.5D ELSE 0D END) / sum(a.w * b.w) AS auc"
                    + " FROM scored a JOIN scored b ON a.y = 1 AND b.y = 0),"
                    + " ranks AS (SELECT DISTINCT score, sum(w) OVER (ORDER BY score DESC) AS n,"
                    + " sum(w * y) OVER (ORDER BY score DESC) AS k,"
                    + " sum(w * y) OVER (PARTITION BY score) AS own FROM scored),"
                    + " bins AS (SELECT sum(w) AS n, abs(sum(w * p) - sum(w * y)) AS gap FROM scored"
                    + " GROUP BY least(14, floor(p * 15)))"
                    + " SELECT (SELECT auc FROM pairs),"
                    + " (SELECT sum(own * k / n) / sum(own) FROM ranks),"
                    + " (SELECT sum(gap) / sum(n) FROM bins),"
                    + " sum(w * (p - y) * (p - y)) / sum(w), sum(w * y) / sum(w), count(1),"
                    + " count(DISTINCT doc_id) FROM scored")
            .head();
    Row actual =
        RouterQualityTable.bySlice(spark, tables())
            .where("layer = 1 AND block = 'mlp' AND learner = 'gbt' AND slice = 'domain=b'")
            .select(
                "auc",
                "average_precision",
                "calibration_error",
                "brier",
                "base_rate",
                "examples",
                "documents")
            .head();
    for (int i = 0; i < 5; i++) {
      assertThat(actual.getDouble(i))
          .as("figure %s", i)
          .isCloseTo(expected.getDouble(i), within(1e-9));
    }
    assertThat(actual.getLong(5)).isEqualTo(expected.getLong(5));
    assertThat(actual.getLong(6)).isEqualTo(expected.getLong(6));
  }

  @Test
  void whatIsLearnedInOneDomainIsTestedInEveryOther(SparkSession spark) {
    List<Row> rows =
        RouterQualityTable.transfers(spark, tables())
            .where("layer = 1 AND block = 'attn'")
            .orderBy("slice")
            .collectAsList();
    assertThat(rows)
        .extracting(row -> row.<String>getAs("slice"))
        .containsExactly(
            "domain=a->domain=a", "domain=a->domain=b", "domain=b->domain=a", "domain=b->domain=b");
    assertThat(rows).extracting(row -> row.<String>getAs("learner")).containsOnly("logistic");
    assertThat(rows)
        .extracting(row -> row.<String>getAs("fitted_on") + " " + row.getAs("tested_on"))
        .contains("domain=a domain=b");
    double[] aucs = rows.stream().mapToDouble(row -> row.<Double>getAs("auc")).toArray();
    assertThat(aucs[0]).isGreaterThan(0.6);
    assertThat(aucs[1]).isLessThan(0.4); // the domains differ in the sign
    assertThat(aucs[2]).isLessThan(0.4);
    assertThat(aucs[3]).isGreaterThan(0.6);
  }

  @Test
  void probabilitiesAreCalibratedAndRise(SparkSession spark) {
    List<Row> bins =
        RouterReliabilityTable.TABLE
            .read(spark, tables())
            .where("split = 'validation' AND layer = 1 AND learner = 'logistic'")
            .orderBy("block", "bin_low")
            .collectAsList();
    assertThat(bins).hasSizeGreaterThan(6);
    double share = 0;
    for (Row bin : bins) {
      double probability = bin.getAs("probability");
      assertThat(probability)
          .isBetween(bin.<Double>getAs("bin_low"), bin.<Double>getAs("bin_high"));
      // Calibrated on these examples: a bin holds whole steps, and parts of slopes between them.
      assertThat(bin.<Double>getAs("observed")).isCloseTo(probability, within(0.1));
      share += bin.<Double>getAs("share");
    }
    assertThat(share).isCloseTo(2, within(1e-9)); // of two blocks
    PipelineModel model = saved(Learner.MLP, "1.mlp");
    double[] knots =
        ((IsotonicRegressionModel) model.stages()[model.stages().length - 1])
            .predictions()
            .toArray();
    double[] sorted = knots.clone();
    Arrays.sort(sorted);
    assertThat(knots).containsExactly(sorted);
  }

  @Test
  void importanceIsThatOfTheProjectionAlone(SparkSession spark) {
    List<Row> rows =
        RouterImportanceTable.TABLE
            .read(spark, tables())
            .where("layer = 1 AND block = 'mlp' AND learner = 'gbt'")
            .collectAsList();
    assertThat(rows)
        .extracting(row -> row.<String>getAs("features"))
        .containsExactlyInAnyOrder(
            "projection",
            "log_norm",
            "previous_ratios",
            "last_ratio",
            "log_position",
            "log_frequency");
    for (Row row : rows) {
      double importance = row.getAs("importance");
      if (row.<String>getAs("features").equals("projection")) {
        assertThat(importance).isGreaterThan(0.1);
      } else {
        assertThat(importance).as(row.<String>getAs("features")).isBetween(-0.05, 0.05);
      }
    }
  }

  @Test
  void theManifestTellsWhatWasChosenAndIsCompleteAtTheEnd() {
    JsonNode manifest = Samples.parsed(Samples.read(out.resolve("routers.json")));
    assertThat(manifest.path("status").asText()).isEqualTo("complete");
    assertThat(manifest.path("files").path("logistic").asText())
        .isEqualTo("routers.logistic.safetensors");
    JsonNode router = manifest.path("routers").path(3);
    assertThat(router.path("layer").asInt()).isEqualTo(1);
    JsonNode logistic = router.path("learners").path("logistic");
    assertThat(logistic.path("regularization").asDouble()).isEqualTo(0.0001);
    assertThat(logistic.has("cross_validated_auc")).isFalse(); // there was no choice
    assertThat(logistic.path("skipped_shares").get(1).asDouble()).isCloseTo(0.5, within(0.25));
    assertThat(manifest.path("seconds").path("total").asDouble()).isPositive();
    assertThat(progress).contains("4 of 4 routers fitted");
    assertThat(out.resolve(".examples")).doesNotExist();
  }

  @Test
  void finishedRoutersAreNotReplacedUnasked(SparkSession spark) {
    FitRoutersOptions again = options().build();
    assertThatThrownBy(() -> FitRoutersJob.run(spark, again, System.err))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("it holds finished routers of run " + SyntheticExamples.RUN_ID)
        .hasMessageContaining("--overwrite");
  }

  /**
   * Nothing that was broken off looks finished; the same command mends it, and again repeats it.
   */
  @Test
  void anUnfinishedRunIsBegunAnewAndAFinishedOneRepeated(SparkSession spark) throws Exception {
    Path input =
        SyntheticExamples.write(spark, directory.resolve("small"), SyntheticExamples.rows(40, 6));
    Path broken = directory.resolve("broken");
    Path tables = directory.resolve("broken-tables");
    FitRoutersOptions.Builder logistic =
        FitRoutersOptions.builder(input.toString(), broken.toString())
            .tables(tables.toString())
            .learners(Learner.LOGISTIC)
            .regularization(List.of(0.01))
            .iterations(2)
            .withoutTransfer()
            .bootstrap(0)
            .shares(List.of(0.5))
            .parallelism(1);
    Files.createDirectories(broken.resolve("models/mlp/9.attn"));
    Files.writeString(
        broken.resolve("routers.json"), "{\"status\":\"incomplete\",\"run_id\":\"x\"}");

    FitRoutersResult mended = FitRoutersJob.run(spark, logistic.build(), System.err);
    assertThat(mended.manifest().path("status").asText()).isEqualTo("complete");
    assertThat(broken.resolve("models/mlp")).doesNotExist();
    assertThat(broken.resolve("models/logistic/1.attn")).exists();
    byte[] file = Files.readAllBytes(broken.resolve("routers.safetensors"));

    FitRoutersJob.run(spark, logistic.overwriting().parallelism(2).build(), System.err);
    assertThat(Files.readAllBytes(broken.resolve("routers.safetensors"))).isEqualTo(file);
    List<Row> rows = RouterQualityTable.ofTest(spark, tables.toString()).collectAsList();
    Set<List<Object>> keys = new HashSet<>();
    for (Row row : rows) {
      keys.add(List.of(row.getAs("layer"), row.getAs("block"), row.getAs("learner")));
      assertThat(row.isNullAt(row.fieldIndex("auc_low"))).isTrue();
    }
    assertThat(keys).hasSize(12).hasSameSizeAs(rows);
  }

  @Test
  void badExamplesAreRefusedByName(SparkSession spark) {
    List<Row> rows = SyntheticExamples.rows(12, 3);
    refused(spark, rows, m -> m.put("status", "incomplete"), "their run is not finished");
    refused(spark, rows, m -> m.put("threshold", 1.5), "their threshold is 1.5, expected above 0");
    refused(spark, rows, m -> m.put("threshold", 0.1), "have a label that is not 'ratio < 0.1'");
    refused(spark, rows, m -> m.put("layers", 1), "they are of 1.attn, the model has 1 layers");
    refused(
        spark,
        rows,
        m -> ((ObjectNode) m.path("features")).put("projection", 5),
        "have other features than examples.json names");
    refused(
        spark,
        rows,
        m -> ((ObjectNode) m.path("features")).put("version", 9),
        "their features are of version 9, this one's 1");
    refused(spark, rows, m -> m.put("parallel", true), "have other features than");
    refused(spark, rows, m -> m.put("examples", 7), "examples.json names 7");
    refused(
        spark,
        SyntheticExamples.rows(4, 3),
        m -> {},
        "the split train has 4 documents, fewer than the 5 folds");
    refused(spark, SyntheticExamples.rows(6, 3), m -> {}, "the split validation has no document");
    List<Row> mixed = new ArrayList<>(rows);
    mixed.add(changed(rows.get(0), Map.of("log_norm", Float.NaN)));
    refused(spark, mixed, m -> {}, "have features that are no finite number");
    mixed.set(mixed.size() - 1, changed(rows.get(0), Map.of("weight", 0.0)));
    refused(spark, mixed, m -> {}, "have a weight that is not above 0");
    mixed.set(mixed.size() - 1, changed(rows.get(0), Map.of("fold", 5)));
    refused(spark, mixed, m -> {}, "have another split or fold than there are");
    assertThatThrownBy(
            () ->
                FitRoutersJob.run(
                    spark,
                    FitRoutersOptions.builder(
                            directory.resolve("nothing").toString(),
                            directory.resolve("o").toString())
                        .build(),
                    System.err))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("it has no examples.json");
  }

  private static Row changed(Row row, Map<String, Object> values) {
    Object[] columns = new Object[row.size()];
    String[] names = RouterExamplesTable.schema().fieldNames();
    for (int i = 0; i < columns.length; i++) {
      columns[i] = values.getOrDefault(names[i], row.get(i));
    }
    return RowFactory.create(columns);
  }

  private static void refused(
      SparkSession spark, List<Row> rows, Consumer<ObjectNode> change, String message) {
    Path bad = SyntheticExamples.write(spark, directory.resolve("bad"), rows, change);
    FitRoutersOptions options =
        FitRoutersOptions.builder(bad.toString(), directory.resolve("never").toString()).build();
    assertThatThrownBy(() -> FitRoutersJob.run(spark, options, System.err))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
    assertThat(directory.resolve("never")).doesNotExist();
  }
}
