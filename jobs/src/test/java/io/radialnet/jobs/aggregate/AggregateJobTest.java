package io.radialnet.jobs.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.radialnet.error.UserException;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.table.DriftTable;
import io.radialnet.jobs.table.ModelTrendTable;
import io.radialnet.jobs.table.RunsTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs over profiles of chosen ratios. */
@ExtendWith(SparkSessionExtension.class)
class AggregateJobTest {

  private static final String A = "a".repeat(16);
  private static final String B = "b".repeat(16);
  private static final String C = "c".repeat(16);

  @TempDir private Path directory;

  @Test
  void slicesAreOfAnyKeptColumn(SparkSession spark) {
    StructType kept =
        new StructType()
            .add("source", DataTypes.StringType)
            .add("year", DataTypes.IntegerType)
            .add("checked", DataTypes.BooleanType);
    String odd = "it's \"a\" = b/c\\d, é😀%20";
    Path profile =
        SyntheticProfile.of(A, 1)
            .kept(kept)
            .document("a", new int[] {1}, (column, token, layer) -> 0.1, odd, 2024, true)
            .document("b", new int[] {1, 2}, (column, token, layer) -> 0.2, null, 2024, null)
            .document("c", new int[] {1, 2, 3}, (column, token, layer) -> 0.3, "", 2025, false)
            .write(directory.resolve("profile"));
    Aggregates.run(
        spark, Aggregates.options(tables(), profile).sliceBy("source", "year", "checked"));

    assertThat(rows(spark, "layer_sparsity", "layer = 0 and block = 'mlp'", "slice", "tokens"))
        .extracting(row -> row.getString(0) + " " + row.getLong(1))
        .containsExactlyInAnyOrder(
            "all 6",
            "first 3",
            "source=" + odd + " 1",
            "source is null 2",
            "source= 3",
            "year=2024 3",
            "year=2025 3",
            "checked=true 1",
            "checked is null 2",
            "checked=false 3");
  }

  @Test
  void rerunReplacesItsOwnRowsOnly(SparkSession spark) throws Exception {
    Path a = noise(A, 1, 30, 0).write(directory.resolve("a"));
    Path b = noise(B, 2, 30, 0).corpus("another").write(directory.resolve("b"));
    run(spark, a, b);
    assertSameTablesFromRunsAtOnce(spark, a, b);
    Map<String, List<String>> before = contents(spark, "run_id = '" + B + "'");
    Path again = noise(A, 3, 25, 0.5).write(directory.resolve("again"));
    run(spark, again);

    assertThat(contents(spark, "run_id = '" + B + "'")).isEqualTo(before);
    assertThat(rows(spark, "runs", "true", "run_id", "documents"))
        .extracting(Row::toString)
        .containsExactly("[" + A + ",25]", "[" + B + ",30]");
    assertThat(rows(spark, "layer_sparsity", "run_id = '" + A + "'", "max(documents)", "count(*)"))
        .extracting(Row::toString)
        .containsExactly("[25," + 2 * 12 + "]");
  }

  /** Two runs of one profile and one of the other, all into one directory that is not there. */
  private void assertSameTablesFromRunsAtOnce(SparkSession spark, Path a, Path b) throws Exception {
    Path tables = directory.resolve("at-once");
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<AggregateResult>> runs = new ArrayList<>();
      for (Path profile : List.of(a, b, a)) {
        runs.add(threads.submit(() -> Aggregates.run(spark, Aggregates.options(tables, profile))));
      }
      for (Future<AggregateResult> run : runs) {
        assertThat(run.get().runs()).hasSize(1);
      }
    } finally {
      threads.shutdownNow();
    }

    REPRODUCIBLE.forEach(
        (table, columns) ->
            assertThat(Aggregates.rows(spark, table, tables, "true", columns))
                .as(table)
                .isEqualTo(rows(spark, table, "true", columns))
                .isNotEmpty());
    // Which of the two is the earlier is up to them: each may be compared with the other.
    String[] compared = {"block", "layer", "least(run_a, run_b)", "greatest(run_a, run_b)"};
    assertThat(Aggregates.rows(spark, DriftTable.TABLE.name(), tables, "true", compared))
        .containsAll(rows(spark, DriftTable.TABLE.name(), "true", compared))
        .isNotEmpty();
  }

  /** By table what two runs of a profile agree in: sums are of any order, large sketches random. */
  private static final Map<String, String[]> REPRODUCIBLE =
      Map.of(
          "layer_sparsity",
          new String[] {
            "run_id",
            "slice",
            "block",
            "layer",
            "tokens",
            "observations",
            "documents",
            "round(mean, 9)",
            "if(observations <= 2048, p50, null) as p50",
            "p50_low",
            "p50_high",
            "below_20"
          },
          "ratio_histogram",
          new String[] {"run_id", "slice", "block", "layer", "bin_low", "observations"},
          "position_sparsity",
          new String[] {"run_id", "block", "layer", "position_low", "tokens", "round(mean, 9)"},
          "token_sparsity",
          new String[] {"run_id", "block", "token_id", "tokens", "round(mean, 9)"},
          "ratio_variance",
          new String[] {"run_id", "block", "component", "round(variance, 9)"},
          "layer_correlation",
          new String[] {"run_id", "block", "layer_a", "layer_b", "tokens", "round(pearson, 9)"},
          "model_trend",
          new String[] {"block", "model", "parameters"},
          "runs",
          new String[] {"run_id", "model", "documents", "tokens", "members", "unusable_ratios"});

  @Test
  void sameSeedGivesTheSameTablesHoweverTheDataIsSplit(SparkSession spark) {
    Path one = noise(A, 1, 40, 0).shards(1).write(directory.resolve("one"));
    run(spark, one);
    List<String> ofOne = reproducible(spark);
    Path many = noise(A, 1, 40, 0).shards(7).write(directory.resolve("many"));
    run(spark, many);

    assertThat(ofOne).hasSize(2 * 12);
    assertThat(reproducible(spark)).isEqualTo(ofOne);

    Aggregates.run(spark, Aggregates.options(tables(), many).seed(2));
    assertThat(reproducible(spark)).isNotEqualTo(ofOne);
  }

  /** Intervals, and the medians of so few values that their sketches toss no coin. */
  private List<String> reproducible(SparkSession spark) {
    return rows(
            spark,
            "layer_sparsity",
            "true",
            "slice",
            "block",
            "layer",
            "if(observations <= 2048, p50, null) as p50",
            "p50_low",
            "p50_high",
            "below_20")
        .stream()
        .map(Row::toString)
        .toList();
  }

  @Test
  void poolEqualsOnePass(SparkSession spark) {
    StructType kept = new StructType().add("domain", DataTypes.StringType);
    SyntheticProfile whole = noise(C, 0, 0, 0).kept(kept).shards(2);
    SyntheticProfile[] days = {
      noise(A, 0, 0, 0).kept(kept).corpus("monday"), noise(B, 0, 0, 0).kept(kept).corpus("tuesday")
    };
    for (int document = 0; document < 60; document++) {
      Random random = new Random(document);
      int[] tokens = random.ints(20, 1, 50).toArray();
      double[] values = random.doubles(20 * 3 * 2, 0, 1).toArray();
      SyntheticProfile.Values ratios = (c, t, l) -> values[(c * 20 + t) * 2 + l];
      String domain = document % 3 == 0 ? "letters" : "code";
      whole.document("d" + document, tokens, ratios, domain);
      days[document % 2].document("d" + document, tokens, ratios, domain);
    }
    Path monday = days[0].write(directory.resolve("monday"));
    Path tuesday = days[1].write(directory.resolve("tuesday"));
    Path both = whole.write(directory.resolve("both"));
    pool(spark, monday);
    AggregateResult result = pool(spark, tuesday);
    pool(spark, tuesday); // folding in again changes nothing
    Aggregates.run(spark, Aggregates.options(tables(), both).sliceBy("domain"));

    assertThat(result.runs()).extracting(AggregateResult.Written::runId).containsExactly(B, "week");
    String[] exact = {
      "slice",
      "block",
      "layer",
      "tokens",
      "observations",
      "documents",
      "round(mean, 9)",
      "round(stddev, 9)",
      "if(observations <= 2048, p05, null) as p05",
      "if(observations <= 2048, p50, null) as p50",
      "p50_low",
      "p50_high",
      "below_10",
      "unusable"
    };
    List<Row> pooled = rows(spark, "layer_sparsity", "run_id = 'week'", exact);
    assertThat(pooled).hasSize(4 * 12);
    assertThat(pooled).isEqualTo(rows(spark, "layer_sparsity", "run_id = '" + C + "'", exact));
    String[] bins = {"slice", "block", "layer", "bin_low", "bin_high", "observations"};
    assertThat(rows(spark, "ratio_histogram", "run_id = 'week'", bins))
        .isEqualTo(rows(spark, "ratio_histogram", "run_id = '" + C + "'", bins));
    Row row =
        rows(spark, "runs", "is_pool", "run_id", "members", "documents", "tokens", "windows")
            .get(0);
    assertThat(row.getList(1)).containsExactlyInAnyOrderElementsOf(List.of((Object) A, B));
    assertThat(List.of(row.get(0), row.get(2), row.get(3), row.get(4)))
        .containsExactly("week", 60L, 1200L, 60L);
  }

  private AggregateResult pool(SparkSession spark, Path profile) {
    return Aggregates.run(
        spark, Aggregates.options(tables(), profile).sliceBy("domain").pool("week"));
  }

  @Test
  void poolTakesOneModelAndTheSameSlices(SparkSession spark) {
    StructType kept = new StructType().add("domain", DataTypes.StringType);
    Path first =
        noise(A, 0, 0, 0)
            .kept(kept)
            .document("a", new int[] {1}, (c, t, l) -> 0.5, "x")
            .write(directory.resolve("first"));
    Path other =
        noise(B, 0, 0, 0)
            .kept(kept)
            .model("other", 2)
            .document("a", new int[] {1}, (c, t, l) -> 0.5, "x")
            .write(directory.resolve("other"));
    pool(spark, first);

    assertThatThrownBy(() -> pool(spark, other))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("Cannot fold into pool week: it is of another model, synthetic");
    assertThatThrownBy(
            () -> Aggregates.run(spark, Aggregates.options(tables(), first).pool("week")))
        .hasMessageContaining("it has the slice domain=x, and --slice-by no such column");
    assertThatThrownBy(
            () -> Aggregates.run(spark, Aggregates.options(tables(), first, other).pool("new")))
        .hasMessageContaining("Cannot fold into pool new: the profiles are of several models");
    assertThat(rows(spark, "runs", "true", "run_id")).hasSize(2);
  }

  @Test
  void driftTellsTheLayersThatMoved(SparkSession spark) {
    Path monday = noise(A, 1, 40, 0).write(directory.resolve("monday"));
    Path tuesday = shifted(B, 1, 40).write(directory.resolve("tuesday"));
    run(spark, monday);
    assertThat(rows(spark, DriftTable.TABLE.name(), "true", "run_a")).isEmpty();
    AggregateResult result = run(spark, tuesday);

    List<Row> rows =
        rows(
            spark,
            "drift",
            "layer >= 0 and block <> 'all'",
            "block",
            "layer",
            "run_a",
            "run_b",
            "p50_a",
            "p50_b",
            "difference",
            "low",
            "high",
            "moved");
    assertThat(rows).hasSize(6);
    for (Row row : rows) {
      assertThat(row.getString(2)).isEqualTo(A);
      assertThat(row.getString(3)).isEqualTo(B);
      assertThat(row.getDouble(6)).isEqualTo(row.getDouble(5) - row.getDouble(4));
      assertThat(row.getDouble(7)).isLessThanOrEqualTo(row.getDouble(6));
      assertThat(row.getDouble(8)).isGreaterThanOrEqualTo(row.getDouble(6));
      boolean mlp1 = row.getString(0).equals("mlp") && row.getInt(1) == 1;
      assertThat(row.getBoolean(9)).as(row.toString()).isEqualTo(mlp1);
      assertThat(row.getDouble(6)).isCloseTo(mlp1 ? 0.2 : 0, within(1e-6));
      assertThat(row.getDouble(4)).isEqualTo(median(spark, A, row.getString(0), row.getInt(1)));
    }
    assertThat(result.runs().get(0).moved())
        .extracting(moved -> moved.earlier() + " " + moved.block() + " " + moved.layer())
        .containsExactly(A + " mlp 1");
    assertThat(result.summary()).anyMatch(line -> line.contains("mlp 1"));
  }

  private double median(SparkSession spark, String run, String block, int layer) {
    return rows(
            spark,
            "layer_sparsity",
            String.format(
                "run_id = '%s' and slice = 'all' and block = '%s' and layer = %d",
                run, block, layer),
            "p50")
        .get(0)
        .getDouble(0);
  }

  @Test
  void trendIsALineOverTheLogarithmOfSize(SparkSession spark) {
    long[] sizes = {1_000_000, 10_000_000, 50_000_000};
    double[] ratios = {0.4, 0.3, 0.25};
    Path[] profiles = new Path[3];
    for (int i = 0; i < 3; i++) {
      double ratio = ratios[i];
      profiles[i] =
          SyntheticProfile.of((i + "").repeat(16), 2)
              .model("model-" + i, sizes[i])
              .document("d", new int[] {1, 2}, (c, t, l) -> ratio)
              .write(directory.resolve("p" + i));
    }
    run(spark, profiles[0]);
    assertThat(trend(spark))
        .extracting(Row::toString)
        .containsExactly("[model-0,1000000,2,0.4000000059604645,null,null,null]");

    run(spark, profiles[1]);
    assertThat(trend(spark)).hasSize(2).allMatch(row -> row.isNullAt(5));
    assertThat(trend(spark)).allMatch(row -> Math.abs(row.getDouble(4) + 0.1) < 1e-6);

    run(spark, profiles[2]);
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < 3; i++) {
      line.addData(Math.log10((double) sizes[i]), (float) ratios[i]);
    }
    double half = new TDistribution(1).inverseCumulativeProbability(0.975) * line.getSlopeStdErr();
    assertThat(trend(spark))
        .hasSize(3)
        .allSatisfy(
            row -> {
              assertThat(row.getDouble(4)).isCloseTo(line.getSlope(), within(1e-6));
              assertThat(row.getDouble(5)).isCloseTo(line.getSlope() - half, within(1e-6));
              assertThat(row.getDouble(6)).isCloseTo(line.getSlope() + half, within(1e-6));
            });
  }

  private List<Row> trend(SparkSession spark) {
    return rows(
        spark,
        ModelTrendTable.TABLE.name(),
        "block = 'all'",
        "model",
        "parameters",
        "layers",
        "p50",
        "slope",
        "slope_low",
        "slope_high");
  }

  @Test
  void directoryThatIsNoProfileIsRefused(SparkSession spark) {
    Path empty = directory.resolve("empty");
    Samples.write(empty.resolve("letter.txt"), List.of("Dear"));
    refused(spark, "Cannot aggregate " + empty + ": it has no run.json.", empty);
    refused(spark, "it has no run.json", directory.resolve("nowhere"));

    Path other = directory.resolve("other");
    Samples.write(other.resolve("run.json"), List.of("{\"status\": \"complete\"}"));
    refused(spark, "Cannot aggregate " + other + ": its run.json has no run_id.", other);

    Path broken = directory.resolve("broken");
    Samples.write(broken.resolve("run.json"), List.of("{"));
    refused(spark, "it is not JSON", broken);
  }

  @Test
  void unfinishedProfileIsNamed(SparkSession spark) {
    Path whole = noise(A, 1, 2, 0).write(directory.resolve("whole"));
    Path part = noise(B, 1, 2, 0).unfinished().write(directory.resolve("part"));

    refused(spark, "Cannot aggregate " + part + ": its run is not finished.", whole, part);
    assertThat(directory.resolve("tables")).doesNotExist();
  }

  @Test
  void profilesOfDifferentMeasuresAreNamed(SparkSession spark) {
    Path ratios = noise(A, 1, 2, 0).write(directory.resolve("ratios"));
    Path cosines =
        SyntheticProfile.of(B, 2)
            .measures("ratio", "cosine")
            .document("d", new int[] {1}, (c, t, l) -> 0.5)
            .write(directory.resolve("cosines"));
    Path norms =
        SyntheticProfile.of(C, 2)
            .measures("input_norm")
            .document("d", new int[] {1}, (c, t, l) -> 0.5)
            .write(directory.resolve("norms"));

    refused(
        spark,
        "Cannot aggregate "
            + ratios
            + " and "
            + cosines
            + " together: one has attn_ratio, layer_ratio, mlp_ratio and the other attn_cosine,"
            + " attn_ratio, layer_cosine, layer_ratio, mlp_cosine, mlp_ratio.",
        ratios,
        cosines);
    refused(spark, "but no ratio. Profile with ratio among --measures.", norms);
  }

  @Test
  void runGivenTwiceIsNamed(SparkSession spark) {
    Path one = noise(A, 1, 2, 0).write(directory.resolve("one"));
    Path other = noise(A, 1, 2, 0).write(directory.resolve("other"));

    refused(spark, "both are run " + A, one, other);
  }

  @Test
  void missingSliceColumnIsNamed(SparkSession spark) {
    Path profile =
        noise(A, 0, 0, 0)
            .kept(new StructType().add("domain", DataTypes.StringType))
            .document("d", new int[] {1}, (c, t, l) -> 0.5, "x")
            .write(directory.resolve("profile"));

    assertThatThrownBy(
            () -> Aggregates.run(spark, Aggregates.options(tables(), profile).sliceBy("language")))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot slice "
                + profile
                + " by 'language': its kept columns are [domain]."
                + " Profile with --keep-columns language.");
  }

  @Test
  void placeOfSomethingElseIsLeftAlone(SparkSession spark) {
    Path profile = noise(A, 1, 2, 0).write(directory.resolve("profile"));
    Samples.write(tables().resolve("letter.txt"), List.of("Dear"));

    refused(spark, "it holds 'letter.txt' and no Delta table", profile);
    assertThat(tables()).isDirectoryNotContaining("glob:**layer_sparsity");
  }

  @Test
  void fileThatIsBrokenIsNamed(SparkSession spark) {
    Path profile = noise(A, 1, 4, 0).shards(1).write(directory.resolve("profile"));
    Path file = profile.resolve("token_ratios/shard=0/part.parquet");
    byte[] bytes =
        Samples.read(profile.resolve("run.json")).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    try {
      byte[] whole = java.nio.file.Files.readAllBytes(file);
      System.arraycopy(bytes, 0, whole, whole.length / 3, Math.min(bytes.length, whole.length / 3));
      java.nio.file.Files.deleteIfExists(file.resolveSibling(".part.parquet.crc"));
      java.nio.file.Files.write(file, whole);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }

    assertThatThrownBy(() -> run(spark, profile))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("Cannot read file:" + file);
  }

  private void refused(SparkSession spark, String message, Path... profiles) {
    assertThatThrownBy(() -> run(spark, profiles))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  /** Documents of 25 tokens in 2 layers with the ratios of a seed, one of the layers shifted. */
  private static SyntheticProfile noise(String runId, int seed, int documents, double shift) {
    SyntheticProfile profile = SyntheticProfile.of(runId, 2);
    for (int document = 0; document < documents; document++) {
      Random random = new Random(1_000L * seed + document);
      int[] tokens = random.ints(25, 1, 60).toArray();
      double[] values = random.doubles(25 * 3 * 2, 0.2, 0.6).toArray();
      profile.document(
          "doc-" + document,
          tokens,
          (c, t, l) -> values[(c * 25 + t) * 2 + l] + (c == 1 && l == 1 ? shift : 0));
    }
    return profile;
  }

  private static SyntheticProfile shifted(String runId, int seed, int documents) {
    return noise(runId, seed, documents, 0.2);
  }

  private AggregateResult run(SparkSession spark, Path... profiles) {
    return Aggregates.run(spark, Aggregates.options(tables(), profiles));
  }

  private Path tables() {
    return directory.resolve("tables");
  }

  private List<Row> rows(SparkSession spark, String table, String condition, String... columns) {
    return Aggregates.rows(spark, table, tables(), condition, columns);
  }

  /** All rows of all tables but the trend, which is of all runs, as text. */
  private Map<String, List<String>> contents(SparkSession spark, String condition) {
    Map<String, List<String>> contents = new HashMap<>();
    for (String table :
        List.of(
            "layer_sparsity",
            "ratio_histogram",
            "position_sparsity",
            "token_sparsity",
            "ratio_variance",
            "layer_correlation",
            RunsTable.TABLE.name())) {
      contents.put(
          table,
          rows(spark, table, condition, "to_json(struct(*))").stream()
              .map(row -> row.getString(0))
              .toList());
    }
    return contents;
  }
}
