package io.radialnet.jobs.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radialnet.jobs.SparkSessionExtension;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the tables say of profiles of chosen ratios, those of the same measures in one run. */
@ExtendWith(SparkSessionExtension.class)
class AggregateValuesTest {

  private static final String GAPS = "1".repeat(16);
  private static final String NOTHING = "2".repeat(16);
  private static final String SPECIALS = "3".repeat(16);
  private static final String ONE_TOKEN = "4".repeat(16);
  private static final String EFFECTS = "5".repeat(16);
  private static final String NO_EFFECTS = "6".repeat(16);

  // 400 documents of 30 tokens of 40 types in 4 layers.
  private static final Random RANDOM = new Random(11);
  private static final double[] OF_TYPE = gaussians(RANDOM, 40, 0.1);
  private static final double[] OF_POSITION = gaussians(RANDOM, 6, 0.07);
  private static final double[] OF_LAYER = gaussians(RANDOM, 4, 0.2);
  private static final double[] OF_DOCUMENT = gaussians(RANDOM, 400, 0.05);

  @TempDir private static Path directory;
  private static AggregateResult withGaps;

  @BeforeAll
  static void aggregate(SparkSession spark) {
    withGaps = Aggregates.run(spark, Aggregates.options(tables(GAPS), gaps(), nothing()));
    Aggregates.run(
        spark,
        Aggregates.options(
            tables(SPECIALS), specials(), oneToken(), effects(EFFECTS), effects(NO_EFFECTS)));
  }

  /** The directory of the tables that a run is in. */
  private static Path tables(String run) {
    boolean ofBothBlocks = run.equals(GAPS) || run.equals(NOTHING);
    return directory.resolve(ofBothBlocks ? "tables-of-both" : "tables-of-mlp");
  }

  private static Path gaps() {
    return SyntheticProfile.of(GAPS, 2)
        .blocks("attn", "mlp")
        .measures("ratio", "cosine")
        .document("d", new int[] {1, 2, 3, 4}, AggregateValuesTest::gap)
        .write(directory.resolve("gaps"));
  }

  /** Attention of layer 0: NaN, infinity, below zero, 0.5; a cosine that is NaN. */
  private static double gap(int column, int token, int layer) {
    double[] attention = {Double.NaN, Double.POSITIVE_INFINITY, -0.5, 0.5};
    if (column % 2 == 1) {
      return column == 1 && token == 0 && layer == 0 ? Double.NaN : 0.25;
    }
    return column == 0 && layer == 0 ? attention[token] : 0.5;
  }

  private static Path nothing() {
    return SyntheticProfile.of(NOTHING, 2)
        .blocks("attn", "mlp")
        .measures("ratio", "cosine")
        .document("d", new int[] {1, 2}, (column, token, layer) -> Double.NaN)
        .write(directory.resolve("nothing"));
  }

  private static Path specials() {
    return SyntheticProfile.of(SPECIALS, 1)
        .blocks("mlp")
        .document(
            "d",
            new int[] {0, 5, 6, 0},
            new boolean[] {true, false, false, true},
            (column, token, layer) -> new double[] {8, 0.25, 0.75, 4}[token])
        .document("e", new int[] {7, 7}, (column, token, layer) -> 0.5)
        .write(directory.resolve("specials"));
  }

  private static Path oneToken() {
    return SyntheticProfile.of(ONE_TOKEN, 1)
        .blocks("mlp")
        .document("d", new int[] {1}, (column, token, layer) -> 0.5)
        .write(directory.resolve("one-token"));
  }

  /** Ratios that are sums of effects and of noise, or of noise alone. */
  private static Path effects(String run) {
    Random random = new Random(12);
    int some = run.equals(EFFECTS) ? 1 : 0;
    SyntheticProfile profile = SyntheticProfile.of(run, 4).blocks("mlp");
    for (int document = 0; document < OF_DOCUMENT.length; document++) {
      double ofDocument = OF_DOCUMENT[document];
      int[] types = random.ints(30, 0, 40).toArray();
      double[] rest = gaussians(random, 30 * 4, 0.1);
      profile.document(
          "d" + document,
          types,
          (c, t, l) ->
              2
                  + some
                      * (OF_TYPE[types[t]]
                          + OF_POSITION[PositionBins.of(t)]
                          + OF_LAYER[l]
                          + ofDocument)
                  + rest[t * 4 + l]);
    }
    return profile.write(directory.resolve(run));
  }

  @Test
  void whatIsNoRatioIsCountedAndLeftOut(SparkSession spark) {
    assertThat(withGaps.runs().get(0).unusableRatios()).isEqualTo(3);
    assertThat(withGaps.summary()).anyMatch(line -> line.contains("3 values are no ratio"));
    Map<String, Row> rows = new HashMap<>();
    for (Row row :
        rows(
            spark,
            "layer_sparsity",
            GAPS,
            "slice = 'all' and layer = 0",
            "block",
            "tokens",
            "observations",
            "unusable",
            "mean",
            "p50",
            "cosine_mean",
            "cosine_observations")) {
      rows.put(row.getString(0), row);
    }
    assertThat(rows.get("attn").toString()).isEqualTo("[attn,4,1,3,0.5,0.5,0.25,3]");
    assertThat(rows.get("mlp").toString()).isEqualTo("[mlp,4,4,0,0.5,0.5,0.25,4]");
    assertThat(rows.get("all").toString()).isEqualTo("[all,4,5,3,0.5,0.5,0.25,7]");
    assertThat(number(spark, "runs", GAPS, "unusable_ratios")).isEqualTo(3);
    // Pairs of layers and variances take whole tokens only.
    assertThat(number(spark, "layer_correlation", GAPS, "max(tokens)")).isEqualTo(1);
  }

  @Test
  void profileWithoutAnyRatioHasRowsWithoutNumbers(SparkSession spark) {
    assertThat(withGaps.runs().get(1).p50()).isEmpty();
    assertThat(withGaps.runs().get(1).unusableRatios()).isEqualTo(8);
    assertThat(withGaps.summary())
        .anyMatch(line -> line.contains(NOTHING) && line.contains("median ratio not known"));
    assertThat(
            rows(
                spark,
                "layer_sparsity",
                NOTHING,
                "slice = 'all' and block = 'mlp' and layer = 1",
                "observations",
                "unusable",
                "mean",
                "p50",
                "below_10",
                "cosine_mean"))
        .extracting(Row::toString)
        .containsExactly("[0,2,null,null,null,null]");
  }

  @Test
  void specialTokensAreASliceOfTheirOwn(SparkSession spark) {
    String[] columns = {"slice", "tokens", "documents", "mean"};
    assertThat(rows(spark, "layer_sparsity", SPECIALS, "layer = 0", columns))
        .extracting(Row::toString)
        .containsExactly("[all,4,2,0.5]", "[first,2,2,4.25]", "[special,2,1,6.0]");
    assertThat(
            rows(spark, "position_sparsity", SPECIALS, "block = 'mlp' and layer = 0", "tokens")
                .stream()
                .mapToLong(row -> row.getLong(0))
                .sum())
        .isEqualTo(4);
    assertThat(rows(spark, "token_sparsity", SPECIALS, "is_special", "token", "tokens"))
        .extracting(Row::toString)
        .containsExactly("[v0,2]");
    assertThat(number(spark, "layer_correlation", SPECIALS, "tokens")).isEqualTo(4);
  }

  @Test
  void variancesAreRecoveredWhereThereAreEffectsAndNoneWhereThereAreNot(SparkSession spark) {
    double ofDocuments = 0;
    for (double effect : OF_DOCUMENT) {
      ofDocuments += effect * effect / OF_DOCUMENT.length;
    }
    Map<String, Double> found = variances(spark, EFFECTS);
    assertThat(found.get("token")).isCloseTo(sampleVariance(OF_TYPE), within(0.0015));
    assertThat(found.get("position")).isCloseTo(ofUnevenLevels(OF_POSITION), within(0.001));
    assertThat(found.get("layer")).isCloseTo(sampleVariance(OF_LAYER), within(0.001));
    assertThat(found.get("document")).isCloseTo(ofDocuments, within(0.0005));
    assertThat(found.get("rest")).isCloseTo(0.01, within(0.0005));
    Map<String, Double> none = variances(spark, NO_EFFECTS);
    for (String component : List.of("token", "position", "document", "layer")) {
      assertThat(none.get(component)).as(component).isLessThan(0.0001);
    }
    assertThat(none.get("rest")).isCloseTo(0.01, within(0.0005));
  }

  private static Map<String, Double> variances(SparkSession spark, String run) {
    Map<String, Double> variances = new HashMap<>();
    rows(spark, "ratio_variance", run, "true", "component", "variance")
        .forEach(row -> variances.put(row.getString(0), row.getDouble(1)));
    return variances;
  }

  private static double[] gaussians(Random random, int count, double deviation) {
    return random.doubles(count).map(ignored -> deviation * random.nextGaussian()).toArray();
  }

  /** The variance of the levels' effects, as often as they occur at positions 0 to 29. */
  private static double ofUnevenLevels(double[] ofPosition) {
    double[] counts = new double[ofPosition.length];
    double mean = 0;
    for (int position = 0; position < 30; position++) {
      counts[PositionBins.of(position)]++;
      mean += ofPosition[PositionBins.of(position)] / 30;
    }
    double squares = 0;
    double squaredCounts = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      squares += counts[bin] * (ofPosition[bin] - mean) * (ofPosition[bin] - mean);
      squaredCounts += counts[bin] * counts[bin];
    }
    return squares / (30 - squaredCounts / 30);
  }

  private static double sampleVariance(double[] values) {
    return new org.apache.commons.math3.stat.descriptive.moment.Variance().evaluate(values);
  }

  @Test
  void oneTokenHasNoVariance(SparkSession spark) {
    assertThat(rows(spark, "ratio_variance", ONE_TOKEN, "true", "component", "variance"))
        .hasSize(5)
        .allMatch(row -> row.isNullAt(1));
    assertThat(rows(spark, "layer_correlation", ONE_TOKEN, "true", "pearson", "tokens"))
        .extracting(Row::toString)
        .containsExactly("[null,1]");
    String all = "layer = 0 and slice = 'all'";
    assertThat(rows(spark, "layer_sparsity", ONE_TOKEN, all, "stddev", "p99"))
        .extracting(Row::toString)
        .containsExactly("[null,0.5]");
  }

  private static List<Row> rows(
      SparkSession spark, String table, String run, String condition, String... columns) {
    String ofRun = "run_id = '" + run + "' and " + condition;
    return Aggregates.rows(spark, table, tables(run), ofRun, columns);
  }

  private static long number(SparkSession spark, String table, String run, String column) {
    return rows(spark, table, run, "true", column).get(0).getLong(0);
  }
}
