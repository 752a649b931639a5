package io.radialnet.jobs.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.jobs.profile.ProfileJob;
import io.radialnet.jobs.table.LayerCorrelationTable;
import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.PositionSparsityTable;
import io.radialnet.jobs.table.RatioHistogramTable;
import io.radialnet.jobs.table.RatioVarianceTable;
import io.radialnet.jobs.table.RunsTable;
import io.radialnet.jobs.table.TokenSparsityTable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every statistic of a real profile is what DuckDB computes from the profile's rows. */
@ExtendWith(SparkSessionExtension.class)
class AggregateStatisticsTest {

  private static final int DOCUMENTS = 25;
  private static final int LAYERS = 12;

  /**
   * A sketch of k = 2,048 gives ranks within 0.0014 with 99 % confidence; of thousands that are
   * checked, all are within twice that.
   */
  private static final double RANK_ERROR = 0.0028;

  @TempDir private static Path directory;
  private static Path profile;
  private static Path tables;
  private static AggregateResult result;

  @BeforeAll
  static void aggregate(SparkSession spark) {
    profile = directory.resolve("profile");
    tables = directory.resolve("tables");
    ProfileJob.run(
        spark,
        ProfileOptions.builder(
                Samples.OPT_NANO.toString(),
                Samples.OPT_NANO.resolveSibling("corpus").toString(),
                profile.toString())
            .keepColumns("domain")
            .limitDocs(DOCUMENTS)
            .shards(4)
            .build(),
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    writeObservations();
    result = Aggregates.run(spark, Aggregates.options(tables, profile).sliceBy("domain"));
  }

  @Test
  void layerSparsityIsExactButForQuantiles(SparkSession spark) {
    List<String> exact = new ArrayList<>();
    List<String> compared =
        new ArrayList<>(
            List.of("tokens", "observations", "documents", "mean", "stddev", "cosine_mean"));
    for (int i = 0; i < LayerSparsityTable.BELOW.size(); i++) {
      String column = LayerSparsityTable.BELOW.get(i);
      exact.add(
          String.format(
              Locale.ROOT,
              "avg((ratio::double < %s)::int) as %s",
              LayerSparsityTable.THRESHOLDS.get(i),
              column));
      compared.add(column);
    }
    String expected =
        cells()
            + ", expected as (select slice, block, layer,"
            + " count(distinct t) as tokens, count(*) as observations,"
            + " count(distinct document) as documents, avg(ratio::double) as mean,"
            + " stddev_samp(ratio::double) as stddev, avg(cosine::double) as cosine_mean, "
            + String.join(", ", exact)
            + " from cells group by all)";
    String actual = Aggregates.forDuckDb(spark, LayerSparsityTable.TABLE, tables);

    assertSame(expected, actual, List.of("slice", "block", "layer"), compared);
    // 5 slices; attn, mlp, layer and all; 12 layers and all
    assertThat(DuckDb.number("select count(*) from " + actual).intValue()).isEqualTo(5 * 4 * 13);
  }

  @Test
  void quantilesAreWithinTheRankError(SparkSession spark) {
    String actual = Aggregates.forDuckDb(spark, LayerSparsityTable.TABLE, tables);
    String quantiles =
        "select slice, block, layer, unnest("
            + LayerSparsityTable.RANKS
            + ") as rank, unnest(["
            + String.join(", ", LayerSparsityTable.QUANTILES)
            + "]) as quantile from "
            + actual;

    assertRanks(cells(), quantiles, List.of("slice", "block", "layer"), 5 * 4 * 13 * 9);
  }

  @Test
  void intervalsHoldTheMedianWhereThereAreTwentyDocuments(SparkSession spark) {
    List<Row> rows =
        Aggregates.rows(
            spark,
            LayerSparsityTable.TABLE.name(),
            tables,
            "true",
            "documents",
            "p50",
            "p50_low",
            "p50_high");
    assertThat(rows).extracting(row -> row.getLong(0)).contains(25L, 17L, 8L);
    assertThat(rows)
        .allSatisfy(
            row -> {
              if (row.getLong(0) < 20) {
                assertThat(row.isNullAt(2)).isTrue();
                assertThat(row.isNullAt(3)).isTrue();
              } else {
                assertThat(row.getDouble(2)).isLessThanOrEqualTo(row.getDouble(1));
                assertThat(row.getDouble(3)).isGreaterThanOrEqualTo(row.getDouble(1));
                assertThat(row.getDouble(3)).isGreaterThan(row.getDouble(2));
              }
            });
  }

  @Test
  void sqlFunctionsReadTheSketch(SparkSession spark) {
    Aggregates.read(spark, LayerSparsityTable.TABLE, tables).createOrReplaceTempView("sparsity");
    List<Row> rows =
        spark
            .sql(
                "select observations, p50, radial_kll_n(sketch), radial_kll_quantile(sketch, 0.5)"
                    + " from sparsity")
            .collectAsList();

    assertThat(rows).hasSize(5 * 4 * 13);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.getLong(2)).isEqualTo(row.getLong(0));
              assertThat(((Number) row.get(3)).doubleValue()).isEqualTo(row.getDouble(1));
            });
    assertThat(
            spark
                .sql(
                    "select radial_kll_n(radial_kll_merge(sketch)) from sparsity where slice ="
                        + " 'all' and block = 'attn' and layer >= 0")
                .first()
                .getLong(0))
        .isEqualTo(
            spark
                .sql(
                    "select observations from sparsity where slice = 'all' and block = 'attn' and"
                        + " layer = -1")
                .first()
                .getLong(0));
  }

  @Test
  void histogramsCountWhatIsInTheirBins(SparkSession spark) {
    String actual = Aggregates.forDuckDb(spark, RatioHistogramTable.TABLE, tables);

    assertThat(
            DuckDb.rows(
                cells()
                    + ", actual as (from "
                    + actual
                    + "), counted as (select slice, block, layer, bin_low, any_value(observations)"
                    + " as observations, count(*) as expected from actual join cells using (slice,"
                    + " block, layer) where ratio >= bin_low and (bin_high is null or ratio <"
                    + " bin_high) group by all) select * from counted where observations <>"
                    + " expected"))
        .isEmpty();
    assertThat(DuckDb.number("select sum(observations) from " + actual).longValue())
        .isEqualTo(DuckDb.number(cells() + " select count(*) from cells").longValue());
    assertThat(
            DuckDb.rows(
                "select distinct bin_high / bin_low from "
                    + actual
                    + " where bin_low > 0 and log2(bin_low) = floor(log2(bin_low))"))
        .containsExactly(List.of(1.125)); // eight bins an octave
  }

  @Test
  void positionsAreExactButForMedians(SparkSession spark) {
    String positions =
        cells()
            + ", positions as (select block, layer, case when pos = 0 then 0 else"
            + " 1 << floor(log2(pos))::int end as position_low, ratio, t from"
            + " cells where slice = 'all')";
    String actual = Aggregates.forDuckDb(spark, PositionSparsityTable.TABLE, tables);

    assertSame(
        positions
            + ", expected as (select block, layer, position_low, greatest(1, 2 * position_low) as"
            + " position_high, count(distinct t) as tokens,"
            + " avg(ratio::double) as mean, avg((ratio::double < 0.1)::int) as below_10"
            + " from positions group by all)",
        actual,
        List.of("block", "layer", "position_low"),
        List.of("position_high", "tokens", "mean", "below_10"));
    assertRanks(
        positions + ", cells2 as (from positions)",
        "select block, layer, position_low, 0.5 as rank, p50 as quantile from " + actual,
        "cells2",
        List.of("block", "layer", "position_low"),
        DuckDb.number("select count(*) from " + actual).intValue());
  }

  @Test
  void tokensAreExactButForMedians(SparkSession spark) {
    String tokens =
        observations()
            + ", tokens as (select block, token_id, token, is_special, ratio, t from obs"
            + " union all select 'all', token_id, token, is_special, ratio, t from obs where block"
            + " <> 'layer')";
    String actual = Aggregates.forDuckDb(spark, TokenSparsityTable.TABLE, tables);

    assertSame(
        tokens
            + ", expected as (select block, token_id, any_value(token) as token,"
            + " count(distinct t) as tokens, avg(ratio::double) as mean,"
            + " bool_or(is_special)::int as special from tokens group by block, token_id)",
        "(select *, is_special::int as special from " + actual + ")",
        List.of("block", "token_id", "token"),
        List.of("tokens", "mean", "special"));
    assertRanks(
        tokens,
        "select block, token_id, 0.5 as rank, p50 as quantile from " + actual,
        "tokens",
        List.of("block", "token_id"),
        DuckDb.number("select count(*) from " + actual).intValue());
  }

  @Test
  void examplesStandInTheirDocuments(SparkSession spark) throws IOException {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.list(Samples.OPT_NANO.resolveSibling("corpus"))) {
      for (Path file : files.toList()) {
        for (String line : Files.readAllLines(file)) {
          texts.add(
              Samples.parsed(line)
                  .path("text")
                  .asText()
                  .replaceAll("\\r\\n?|\\n", "⏎")
                  .replaceAll("\\p{Cntrl}", " "));
        }
      }
    }
    List<Row> rows =
        Aggregates.rows(
            spark,
            TokenSparsityTable.TABLE.name(),
            tables,
            "block = 'attn'",
            "token",
            "example",
            "is_special");

    // Texts have brackets of their own, beside which the marks cannot be told.
    List<Row> told =
        rows.stream()
            .filter(row -> row.getString(1).replaceAll("[^\\[\\]]", "").equals("[[]]"))
            .toList();
    assertThat(told).hasSizeGreaterThan(1000);
    assertThat(told)
        .allSatisfy(
            row -> {
              String example = row.getString(1);
              String token = row.getString(0).replace("Ġ", " ").replace("Ċ", "⏎");
              if (token.codePoints().allMatch(c -> c < 128 || c == '⏎')) {
                assertThat(example.replaceAll(".*\\[\\[|\\]\\].*", "").strip())
                    .isEqualTo(token.strip());
              }
              // Characters that were cut stand as U+FFFD.
              List<String> parts =
                  List.of(example.replaceAll("\\[\\[|\\]\\]|</s>", "").strip().split("\uFFFD+"));
              assertThat(texts).anyMatch(whole -> parts.stream().allMatch(whole::contains));
            });
  }

  @Test
  void layersCorrelateAsPearsonHasIt(SparkSession spark) {
    assertSame(
        observations()
            + ", ordinary as (from obs where not is_special), expected as (select a.block, a.layer"
            + " as layer_a, b.layer as layer_b, corr(a.ratio::double, b.ratio::double) as pearson,"
            + " count(*) as tokens from ordinary a join ordinary b using (t,"
            + " block) group by all)",
        Aggregates.forDuckDb(spark, LayerCorrelationTable.TABLE, tables),
        List.of("block", "layer_a", "layer_b"),
        List.of("pearson", "tokens"));
  }

  @Test
  void variancesSolveTheEquationsOfHenderson(SparkSession spark) {
    for (String block : List.of("attn", "mlp", "layer")) {
      double[] expected = henderson(block);
      List<Row> rows =
          Aggregates.rows(
              spark,
              RatioVarianceTable.TABLE.name(),
              tables,
              "block = '" + block + "'",
              "component",
              "variance",
              "share");

      assertThat(rows)
          .extracting(row -> row.getString(0))
          .containsExactly("document", "layer", "position", "rest", "token");
      double sum = rows.stream().mapToDouble(row -> row.getDouble(1)).sum();
      int[] inOrder = {2, -1, 1, -1, 0};
      for (int i = 0; i < inOrder.length; i++) {
        assertThat(rows.get(i).getDouble(2))
            .isCloseTo(rows.get(i).getDouble(1) / sum, within(1e-9));
        if (inOrder[i] >= 0) {
          assertThat(rows.get(i).getDouble(1))
              .as(block + " " + rows.get(i).getString(0))
              .isCloseTo(Math.max(0, expected[inOrder[i]]), within(1e-6));
        }
      }
      assertThat(rows.get(1).getDouble(1))
          .isCloseTo(Math.max(0, layerVariance(block)), within(1e-6));
    }
  }

  /** (token, position, document, rest): variances of tokens' means over layers. */
  private static double[] henderson(String block) {
    String values =
        observations()
            + ", tokens as (select document, case when pos = 0 then 0 else"
            + " 1 << floor(log2(pos))::int end as position, token_id, avg(ratio::double) as y from"
            + " obs where not is_special and block = '"
            + block
            + "' group by t, document, pos, token_id),"
            + " frequent as (select token_id from tokens group by token_id having count(*) >= 20),"
            + " v as (select document, position, case when token_id in (from frequent) then"
            + " token_id else -1 end as token, y from tokens)";
    List<String> factors = List.of("token", "position", "document");
    double n = number(values + " select count(*) from v");
    double ofMean = number(values + " select sum(y) * sum(y) / count(*) from v");
    double[][] coefficients = new double[4][4];
    double[] sums = new double[4];
    for (int row = 0; row < 4; row++) {
      String level = row < 3 ? factors.get(row) : null;
      for (int column = 0; column < 3; column++) {
        String other = factors.get(column);
        double squares =
            number(
                values
                    + " select sum(n * n) from (select count(*)::double as n from v group by "
                    + other
                    + ")");
        double inLevels =
            row == 3
                ? n
                : number(
                    values
                        + ", counted as (select "
                        + level
                        + " as level, count(*)::double as n from v group by "
                        + level
                        + (level.equals(other) ? "" : ", " + other)
                        + ") select sum(s / n) from (select sum(n * n) as s, sum(n) as n from counted"
                        + " group by level)");
        coefficients[row][column] = inLevels - squares / n;
      }
      coefficients[row][3] =
          row == 3 ? n - 1 : number(values + " select count(distinct " + level + ") from v") - 1;
      String sum =
          row == 3
              ? " select sum(y * y) from v"
              : " select sum(s) from (select sum(y) * sum(y) / count(*) as s from v group by "
                  + level
                  + ")";
      sums[row] = number(values + sum) - ofMean;
    }
    return new LUDecomposition(new Array2DRowRealMatrix(coefficients))
        .getSolver()
        .solve(new ArrayRealVector(sums))
        .toArray();
  }

  /** The component of layers in a two-way analysis of variance, one ratio a token and layer. */
  private static double layerVariance(String block) {
    return number(
        observations()
            + ", y as (select layer, t, ratio::double as r"
            + " from obs where not is_special and block = '"
            + block
            + "'), g as (select avg(r) as m from y), l as (select layer, avg(r) as ml from y group"
            + " by layer), k as (select t, avg(r) as mt from y group by t),"
            + " c as (select count(*)::double as n from k),"
            + " rest as (select sum((r - ml - mt + m) * (r - ml - mt + m)) as s from y join l using"
            + " (layer) join k using (t), g),"
            + " layers as (select sum((ml - m) * (ml - m)) as s from l, g)"
            + " select (layers.s * n / 11 - rest.s / (11 * (n - 1))) / n from layers, rest, c");
  }

  @Test
  void runsRepeatTheManifest(SparkSession spark) {
    Row row = Aggregates.read(spark, RunsTable.TABLE, tables).first();
    var manifest = Samples.parsed(Samples.read(profile.resolve("run.json")));

    assertThat(row.<String>getAs("run_id")).isEqualTo(manifest.path("run_id").asText());
    assertThat(row.<Long>getAs("documents")).isEqualTo(DOCUMENTS);
    assertThat(row.<Long>getAs("tokens")).isEqualTo(manifest.path("tokens").asLong());
    assertThat(row.<Integer>getAs("layers")).isEqualTo(LAYERS);
    assertThat(row.<Long>getAs("parameters")).isEqualTo(manifest.path("parameters").asLong());
    assertThat(row.<String>getAs("model_fingerprint"))
        .isEqualTo(manifest.path("model_fingerprint").asText());
    assertThat(Samples.parsed(row.<String>getAs("run_json"))).isEqualTo(manifest);
    assertThat(row.<Boolean>getAs("is_pool")).isFalse();
    assertThat(row.<Long>getAs("unusable_ratios")).isZero();
  }

  @Test
  void resultIsThatOfTheTables(SparkSession spark) {
    Row row =
        Aggregates.rows(
                spark,
                LayerSparsityTable.TABLE.name(),
                tables,
                "slice = 'all' and block = 'all' and layer = -1",
                "p50",
                "p50_low",
                "p50_high")
            .get(0);
    AggregateResult.Written run = result.runs().get(0);

    assertThat(run.p50()).hasValue(row.getDouble(0));
    assertThat(run.p50Low()).hasValue(row.getDouble(1));
    assertThat(run.p50High()).hasValue(row.getDouble(2));
    assertThat(run.documents()).isEqualTo(DOCUMENTS);
  }

  /** Writes one row a token, block and layer, once for all queries. */
  private static void writeObservations() {
    List<String> blocks = new ArrayList<>();
    for (String block : List.of("attn", "mlp", "layer")) {
      blocks.add(
          String.format(
              Locale.ROOT,
              "select hash(doc_id) as document, hash(doc_id, \"window\", \"position\") as t,"
                  + " \"position\" as pos, token_id, token, is_special, domain, '%1$s' as block,"
                  + " unnest(range(%2$d))::int as layer, unnest(%1$s_ratio) as ratio,"
                  + " unnest(%1$s_cosine) as cosine from %3$s",
              block,
              LAYERS,
              DuckDb.table(profile, "token_ratios")));
    }
    DuckDb.run(
        "copy ("
            + String.join(" union all ", blocks)
            + ") to '"
            + directory.resolve("observations.parquet")
            + "' (format parquet)");
  }

  private static String observations() {
    return "with obs as (from read_parquet('" + directory.resolve("observations.parquet") + "'))";
  }

  /** One row for each row of layer_sparsity that a token, block and layer counts in. */
  private static String cells() {
    return observations()
        + ", pooled as (from obs"
        + " union all select * replace (-1 as layer) from obs"
        + " union all select * replace ('all' as block) from obs where block <> 'layer'"
        + " union all select * replace ('all' as block, -1 as layer) from obs where block <>"
        + " 'layer'), cells as (select 'all' as slice, * from pooled where not is_special"
        + " union all select 'special', * from pooled where is_special"
        + " union all select 'first', * from pooled where pos = 0"
        + " union all select 'domain=' || domain, * from pooled where not is_special)";
  }

  /** Fails unless {@code expected} of the first query and {@code actual} have the same rows. */
  private static void assertSame(
      String expected, String actual, List<String> keys, List<String> compared) {
    List<String> differ =
        compared.stream()
            .map(
                column ->
                    // null equals null alone; large numbers are compared relatively
                    String.format(
                        Locale.ROOT,
                        "(a.%1$s is null) <> (e.%1$s is null)"
                            + " or abs(a.%1$s - e.%1$s) > 1e-6 * greatest(1, abs(e.%1$s))",
                        column))
            .toList();
    assertThat(DuckDb.number("select count(*) from " + actual).longValue()).isPositive();
    assertThat(
            DuckDb.rows(
                expected
                    + " select * from expected e full join "
                    + actual
                    + " a using ("
                    + String.join(", ", keys)
                    + ") where a.model is null or "
                    + String.join(" or ", differ)))
        .isEmpty();
  }

  private static void assertRanks(String with, String quantiles, List<String> keys, int expected) {
    assertRanks(with, quantiles, "cells", keys, expected);
  }

  /** Fails unless the ranks of quantiles among the values of a view are those that they claim. */
  private static void assertRanks(
      String with, String quantiles, String view, List<String> keys, int expected) {
    String ranks =
        with
            + ", quantiles as ("
            + quantiles
            + "), ranks as (select "
            + String.join(", ", keys)
            + ", rank, quantile, count(*) filter (ratio < quantile) / count(*) as under,"
            + " count(*) filter (ratio <= quantile) / count(*) as upto from quantiles join "
            + view
            + " using ("
            + String.join(", ", keys)
            + ") group by all)";
    assertThat(DuckDb.number(ranks + " select count(*) from ranks").intValue()).isEqualTo(expected);
    assertThat(
            DuckDb.rows(
                ranks
                    + " select * from ranks where quantile is null or under > rank + "
                    + RANK_ERROR
                    + " or upto < rank - "
                    + RANK_ERROR))
        .isEmpty();
  }

  private static double number(String query) {
    return DuckDb.number(query).doubleValue();
  }
}
