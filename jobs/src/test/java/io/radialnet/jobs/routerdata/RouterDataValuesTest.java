package io.radialnet.jobs.routerdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.jobs.profile.ProfileJob;
import io.radialnet.jobs.provenance.ExamplesManifest;
import io.radialnet.jobs.table.RouterExamplesTable;
import io.radialnet.jobs.table.TokenFrequenciesTable;
import io.radialnet.router.RouterFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches the table, against the profile as DuckDB reads it. */
@ExtendWith(SparkSessionExtension.class)
class RouterDataValuesTest {

  private static final int WANTED = 4_000;
  private static final int BLOCKS = 8;

  @TempDir private static Path dir;
  private static Examples profiled;
  private static Path out;
  private static ObjectNode manifest;

  @BeforeAll
  static void drawExamples(SparkSession spark) {
    profiled = Examples.of("opt", 3, dir, spark);
    out = dir.resolve("out");
    manifest = Examples.run(spark, profiled.options(out).examples(WANTED).seed(5)).manifest();
  }

  private static String examples() {
    return DuckDb.table(out, "router_examples");
  }

  @Test
  void weightsOfAStratumAddUpToItsSize() {
    String strata =
        "select p.n is null or e.n is null or abs(e.w - p.n) > 1e-9 * p.n wrong, p.n = e.n whole"
            + " from (select layer, block, domain, ratio::double < %s::double as is_under, count(*)"
            + " n from %s group by all) p full join (select layer, block, domain, \"label\" as"
            + " is_under, count(*) n, sum(weight) w from %s group by all) e using (layer, block,"
            + " domain, is_under)";
    List<List<Object>> compared =
        DuckDb.rows(strata.formatted(profiled.threshold(), profiled.candidates(), examples()));

    assertThat(compared).hasSizeGreaterThan(30);
    assertThat(compared).allSatisfy(row -> assertThat(row.get(0)).isEqualTo(false));
    assertThat(compared).anySatisfy(row -> assertThat(row.get(1)).isEqualTo(true));
    assertThat(manifest.path("strata")).hasSameSizeAs(compared);
    long sum = 0;
    for (JsonNode stratum : manifest.path("strata")) {
      sum += stratum.path("size").asLong();
    }
    assertThat(sum).isEqualTo(manifest.path("candidates").asLong());
    assertThat(sum)
        .isEqualTo(DuckDb.number("select count(*) from " + profiled.candidates()).longValue());
  }

  @Test
  void examplesAreSpreadEvenlyOverBlocks() {
    List<Object> counts =
        DuckDb.column("select count(*) from " + examples() + " group by layer, block");

    assertThat(counts)
        .hasSize(BLOCKS)
        .allSatisfy(count -> assertThat((Long) count).isBetween(420L, 580L));
    assertThat(manifest.path("examples").asLong())
        .isEqualTo(counts.stream().mapToLong(count -> (Long) count).sum());
  }

  @Test
  void everyValueIsTheProfiles() {
    String wrong =
        "select count(*) filter (e.ratio = p.ratio and e.token_id = p.token_id and e.domain ="
            + " p.domain and e.label = (p.ratio::double < %s::double) and abs(e.log_norm -"
            + " ln(p.input_norm)) < 1e-5), count(*) from %s e join %s p using (doc_id, \"window\","
            + " \"position\", layer, block)";
    List<Object> counts =
        DuckDb.rows(wrong.formatted(profiled.threshold(), examples(), profiled.candidates()))
            .get(0);

    assertThat(counts.get(0)).isEqualTo(counts.get(1));
    assertThat(counts.get(1)).isEqualTo(manifest.path("examples").asLong());
    assertThat(manifest.path("largest_ratio_difference").asDouble()).isLessThan(1e-4);
  }

  @Test
  void previousRatiosAreThoseOfTheBlocksBefore() {
    // 0.attn, 0.mlp, 1.attn, ... up to the block itself
    String all =
        "flatten(list_transform(range(1, 5), lambda l: [p.attn_ratio[l], p.mlp_ratio[l]]))";
    String wrong =
        "select count(*) filter (e.previous_ratios = ("
            + all
            + ")[1 : 2 * e.layer + (e.block = 'mlp')::int]), count(*) from %s e join %s p using"
            + " (doc_id, \"window\", \"position\")";
    List<Object> counts =
        DuckDb.rows(wrong.formatted(examples(), DuckDb.table(profiled.profile(), "token_ratios")))
            .get(0);

    assertThat(counts.get(0)).isEqualTo(counts.get(1));
    assertThat(counts.get(1)).isEqualTo(manifest.path("examples").asLong());
  }

  @Test
  void frequenciesAreThoseOfTokensThatAreNotSpecial(SparkSession spark) {
    String counted =
        "(select token_id, count(*) n, (select count(*) from %1$s where not is_special) total from"
            + " %1$s where not is_special group by 1)";
    String from = counted.formatted(DuckDb.table(profiled.profile(), "token_ratios"));
    String close = "abs(e.log_frequency - ln((f.n + 1) / (f.total + 199))) < 1e-5";

    assertThat(
            DuckDb.number(
                "select count(*) from %s e join %s f using (token_id) where %s"
                    .formatted(examples(), from, close)))
        .isEqualTo(manifest.path("examples").asLong());
    assertThat(
            DuckDb.rows(
                "select count(*), count(*) filter (e.occurrences = f.n and %s) from '%s/*.parquet' e"
                        .formatted(close, out.resolve("token_frequencies"))
                    + " full join "
                    + from
                    + " f using (token_id)"))
        .containsExactly(List.of(189L, 189L));
    assertThat(
            TokenFrequenciesTable.read(spark, out.resolve("token_frequencies").toString()).count())
        .isEqualTo(189);
    assertThat(manifest.path("vocabulary_size").asInt()).isEqualTo(199);
  }

  @Test
  void aDocumentIsInOneSplitAndFoldByItsId() {
    String hash = "('0x' || left(sha256('%s:' || doc_id), 8))::bigint";
    String share = "(" + hash.formatted("split") + " / 4294967296)";
    List<List<Object>> documents =
        DuckDb.rows(
            "select distinct doc_id, split, fold, case when %1$s < 0.70 then 'train' when %1$s < 0.85 then 'validation' else 'test' end, %2$s %% 5 from %3$s"
                .formatted(share, hash.formatted("fold"), examples()));

    assertThat(documents).hasSize(40);
    for (List<Object> document : documents) {
      assertThat(document.get(1)).isEqualTo(document.get(3));
      assertThat(((Number) document.get(2)).longValue()).isEqualTo(document.get(4));
      Split split = Split.valueOf(((String) document.get(1)).toUpperCase(Locale.ROOT));
      assertThat(Split.of((String) document.get(0))).isEqualTo(split);
    }
    for (Split split : Split.values()) {
      assertThat(manifest.path("splits").path(split.column()).path("documents").asLong())
          .isEqualTo(documents.stream().filter(d -> d.get(1).equals(split.column())).count())
          .isPositive();
    }
  }

  @Test
  void tableAndManifestAreReadAsTheNextJobReadsThem(SparkSession spark) {
    assertThat(
            RouterExamplesTable.read(spark, out.resolve("router_examples").toString())
                .selectExpr("min(size(projection))", "max(size(projection))", "count(*)")
                .collectAsList())
        .hasToString("[[32,32," + manifest.path("examples").asLong() + "]]");
    ExamplesManifest read =
        ExamplesManifest.read(new org.apache.hadoop.fs.Path(out.toString()), new Configuration());
    assertThat(read.features()).isEqualTo(new RouterFeatures(32, 5));
    assertThat(read.layers()).isEqualTo(4);
    assertThat(read.json()).hasToString(manifest.toString());
  }

  @Test
  void anotherSeedDrawsOthersOfTheSameStrata(SparkSession spark) {
    Path other = dir.resolve("other");
    ObjectNode otherSeed =
        Examples.run(spark, profiled.options(other).examples(WANTED).seed(6)).manifest();

    String key = "doc_id, \"window\", \"position\", layer, block";
    List<List<Object>> rows = Examples.rows(other, key);
    rows.removeAll(Examples.rows(out, key));
    assertThat(rows).hasSizeGreaterThan(WANTED / 4);
    assertThat(otherSeed.path("candidates")).isEqualTo(manifest.path("candidates"));
    assertThat(otherSeed.path("base_rate")).isEqualTo(manifest.path("base_rate"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gpt_neox", "bert", "gemma2"})
  void everyFamilyHasTheInputsOfItsBlocks(String family, @TempDir Path place, SparkSession spark) {
    Examples ofFamily = Examples.of(family, 2, place, spark);
    Path all = place.resolve("out");
    ObjectNode about =
        Examples.run(spark, ofFamily.options(all).examples(1_000_000).projection(5)).manifest();

    boolean parallel = family.equals("gpt_neox");
    assertThat(about.path("parallel").asBoolean()).isEqualTo(parallel);
    assertThat(about.path("examples")).isEqualTo(about.path("candidates"));
    String norm = parallel ? "layer_norm" : "input_norm"; // of |z - a| there is no use before z
    String length = parallel ? "2 * layer" : "2 * layer + (block = 'mlp')::int";
    List<Object> counts =
        DuckDb.rows(
                ("select count(*) filter (abs(log_norm - ln(p.%s)) < 1e-5 and e.ratio = p.ratio and"
                        + " len(previous_ratios) = %s and len(projection) = 5 and weight = 1),"
                        + " count(*) from %s e join %s p using (doc_id, \"window\", \"position\","
                        + " layer, block)")
                    .formatted(
                        norm, length, DuckDb.table(all, "router_examples"), ofFamily.candidates()))
            .get(0);
    assertThat(counts.get(0)).isEqualTo(counts.get(1));
    assertThat(counts.get(1)).isEqualTo(about.path("candidates").asLong());
    assertThat(about.path("largest_ratio_difference").asDouble()).isLessThan(1e-4);
  }

  @Test
  void rowsDoNotDependOnHowTheCorpusIsCut(@TempDir Path place, SparkSession spark) {
    Examples cutDifferently = Examples.of("opt", 7, place, spark);
    Path other = place.resolve("out");
    Examples.run(spark, cutDifferently.options(other).examples(WANTED).seed(5).batchTokens(300));

    String drawn =
        "doc_id, domain, \"window\", \"position\", token_id, layer, block, log_frequency, label,"
            + " weight, split, fold";
    assertThat(Examples.rows(other, drawn)).isEqualTo(Examples.rows(out, drawn));
    assertThat(
            DuckDb.rows(
                ("select count(*), max(abs(a.ratio - b.ratio)) < 1e-5, max(abs(a.log_norm -"
                        + " b.log_norm)) < 1e-5, max(list_distance(a.projection, b.projection)) <"
                        + " 1e-3 from %s a join %s b using (doc_id, \"window\", \"position\", layer,"
                        + " block)")
                    .formatted(DuckDb.table(other, "router_examples"), examples())))
        .containsExactly(List.of(manifest.path("examples").asLong(), true, true, true));
    assertThat(
            DuckDb.number(
                "select count(distinct shard) from " + DuckDb.table(other, "router_examples")))
        .isEqualTo(7L);
  }

  @Test
  void aModelThatGivesOtherRatiosThanTheProfileIsNamed(@TempDir Path place, SparkSession spark)
      throws IOException, SQLException {
    Path changed = Files.createDirectories(place.resolve("profile"));
    Files.copy(profiled.profile().resolve("run.json"), changed.resolve("run.json"));
    for (int shard = 0; shard < 3; shard++) {
      String file = "token_ratios/shard=" + shard + "/part.parquet";
      Files.createDirectories(changed.resolve(file).getParent());
      copyWithHalfTheRatios(profiled.profile().resolve(file), changed.resolve(file));
    }
    Examples other = new Examples(profiled.model(), profiled.corpus(), changed);

    assertThatThrownBy(() -> Examples.run(spark, other.options(place.resolve("out"))))
        .isInstanceOf(UserException.class)
        .hasMessageMatching(
            "Cannot make router examples of file:"
                + changed
                + "/token_ratios: the model gives other ratios than the profile has, by 0\\.\\d{3}"
                + " in the mean\\. Profile the corpus again with this version, and run in the same"
                + " --dtype\\.");
  }

  private static void copyWithHalfTheRatios(Path from, Path to) throws SQLException {
    String halved = "list_transform(attn_ratio, lambda r: (r / 2)::float) as attn_ratio";
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute(
          "copy (select * replace (%s) from '%s') to '%s' (format parquet)"
              .formatted(halved, from, to));
    }
  }

  @Test
  void aCorpusWithoutDomainsIsOneStratumALabel(@TempDir Path place, SparkSession spark) {
    Path corpus =
        Samples.write(
            place.resolve("plain.jsonl"),
            List.of(Samples.jsonLine("a", "w1 w2 w3 w4"), Samples.jsonLine("b", "w5 w6")));
    Path profile = place.resolve("profile");
    ProfileJob.run(
        spark,
        ProfileOptions.builder(profiled.model().toString(), corpus.toString(), profile.toString())
            .shards(2)
            .build(),
        System.err);
    Examples plain = new Examples(profiled.model(), corpus, profile);

    ObjectNode about = Examples.run(spark, plain.options(place.resolve("out"))).manifest();

    assertThat(about.path("examples").asLong()).isEqualTo(6 * BLOCKS);
    assertThat(about.has("slice_by")).isFalse();
    assertThat(Examples.rows(place.resolve("out"), "domain"))
        .allSatisfy(row -> assertThat(row.get(0)).isNull());
  }
}
