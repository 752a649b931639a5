package io.radialnet.jobs.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.checkpoint.Safetensors;
import io.radialnet.checkpoint.SafetensorsWriter.Tensor;
import io.radialnet.checkpoint.TensorInfo;
import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.provenance.Versions;
import io.radialnet.jobs.table.TokenRatiosWriter;
import io.radialnet.probe.Measure;
import io.radialnet.runtime.ProcessMemory;
import io.radialnet.transformer.Block;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What one run leaves in its directory: the tables' form, and what run.json says of them. */
@ExtendWith(SparkSessionExtension.class)
class ProfileContractTest {

  private static final String LONG = "narrative/06-kasa-naoshi"; // Japanese: mostly bytes as tokens
  private static final int WINDOW = 64;

  @TempDir private static Path dir;
  private static Path out;
  private static ProfileResult result;
  private static long peakBefore;

  @BeforeAll
  static void profile(SparkSession spark) {
    Path corpus =
        Samples.write(
            dir.resolve("corpus.jsonl"),
            List.of(
                line("y😀", "astral", "after U+FFFD in UTF-8, before it in UTF-16"),
                line("y\uFFFD", "astral", "before the astral id"),
                line(LONG, "narrative", Samples.text(LONG)),
                line("empty", "none", ""),
                line("marked", "none", "one</s> two"),
                "{\"doc_id\": \"unkept\", \"text\": \"A line.\"}",
                "{\"doc_id\": \"broken\", \"text\": ["));
    out = dir.resolve("out");
    peakBefore = ProcessMemory.peakResidentBytes().orElse(0);
    result =
        Profiles.run(
            spark,
            Profiles.options(Samples.OPT_NANO, corpus, out)
                .shards(2)
                .maxLength(WINDOW)
                .blocks(Block.LAYER, Block.ATTN)
                .measures(Measure.RATIO, Measure.UPDATE_NORM)
                .keepColumns("n", "domain")
                .maxErrorFraction(0.5)
                .withLoss());
  }

  private static String line(String docId, String domain, String text) {
    ObjectNode line = Samples.parsed(Samples.jsonLine(docId, text));
    return line.put("domain", domain).put("n", text.length()).toString();
  }

  @Test
  void columnsAreThoseAskedForInTheirOrder() {
    assertThat(DuckDb.rows("describe select * from " + ratios()))
        .extracting(column -> column.get(0) + " " + column.get(1))
        .containsExactly(
            "doc_id VARCHAR",
            "window INTEGER",
            "position INTEGER",
            "doc_position INTEGER",
            "token_id INTEGER",
            "token VARCHAR",
            "is_special BOOLEAN",
            "n BIGINT",
            "domain VARCHAR",
            "layer_ratio FLOAT[]",
            "layer_update_norm FLOAT[]",
            "attn_ratio FLOAT[]",
            "attn_update_norm FLOAT[]",
            "surprisal FLOAT",
            "shard BIGINT");
  }

  @Test
  void onlyWhatMayBeMissingIsNullable() {
    assertThat(
            DuckDb.column(
                "select distinct name from parquet_schema('"
                    + out.resolve("token_ratios/**/*.parquet")
                    + "') where repetition_type = 'OPTIONAL'"))
        .containsExactlyInAnyOrder("doc_position", "n", "domain", "surprisal");
  }

  @Test
  void everyColumnIsExplained() {
    Map<String, String> footer =
        TokenRatiosWriter.footer(
            new Configuration(),
            new org.apache.hadoop.fs.Path(out + "/token_ratios/shard=0/part.parquet"));
    StructType schema =
        (StructType) DataType.fromJson(footer.get("org.apache.spark.sql.parquet.row.metadata"));

    assertThat(Stream.of(schema.fields()))
        .hasSize(14)
        .allMatch(field -> field.getComment().isDefined());
  }

  @Test
  void filesAreSortedByDocumentInUtf8ThenWindowThenPosition() {
    for (int shard = 0; shard < 2; shard++) {
      List<List<Object>> rows =
          DuckDb.rows(
              "select doc_id, \"window\", \"position\" from '%s'"
                  .formatted(out.resolve("token_ratios/shard=" + shard + "/part.parquet")));
      List<List<Object>> sorted = new ArrayList<>(rows);
      sorted.sort(ProfileContractTest::byPlace);
      assertThat(rows).isNotEmpty().isEqualTo(sorted);
    }
    assertThat(ShardKey.shardOf("y😀", 2)).isEqualTo(ShardKey.shardOf("y\uFFFD", 2));
  }

  private static int byPlace(List<Object> a, List<Object> b) {
    byte[] idA = ((String) a.get(0)).getBytes(StandardCharsets.UTF_8);
    byte[] idB = ((String) b.get(0)).getBytes(StandardCharsets.UTF_8);
    int byId = Arrays.compareUnsigned(idA, idB);
    int byWindow = byId != 0 ? byId : Integer.compare((Integer) a.get(1), (Integer) b.get(1));
    return byWindow != 0 ? byWindow : Integer.compare((Integer) a.get(2), (Integer) b.get(2));
  }

  @Test
  void shardsAreDividedById() {
    for (List<Object> row : DuckDb.rows("select distinct doc_id, shard from " + ratios())) {
      assertThat(row.get(1)).isEqualTo((long) ShardKey.shardOf((String) row.get(0), 2));
    }
  }

  @Test
  void windowsOfALongDocumentLoseNothing() {
    List<List<Object>> windows =
        DuckDb.rows(
            "select \"window\", count(*), min(\"position\"), max(\"position\"), first(token order by"
                + " \"position\"), count(surprisal) from "
                + ratios()
                + " where doc_id = '"
                + LONG
                + "' group by 1 order by 1");
    assertThat(windows).hasSizeGreaterThan(10);
    for (int i = 0; i < windows.size(); i++) {
      long length = (Long) windows.get(i).get(1);
      assertThat(windows.get(i))
          .containsExactly(i, length, 0, (int) length - 1, "</s>", length - 1);
      if (i + 1 < windows.size()) {
        assertThat(length).isEqualTo(WINDOW);
      }
    }
    // The vocabulary spells every byte of UTF-8 as one character.
    String spelt =
        String.join(
            "",
            DuckDb.column(
                    "select token from "
                        + ratios()
                        + " where doc_id = '"
                        + LONG
                        + "' and not is_special order by \"window\", \"position\"")
                .stream()
                .map(String.class::cast)
                .toList());
    assertThat(spelt).hasSize(Samples.text(LONG).getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void documentPositionsCountTheTokensThatAreNotSpecial() {
    for (String docId : List.of(LONG, "marked", "empty")) {
      List<Object> positions =
          DuckDb.column(
              "select doc_position from %s where doc_id = '%s' and not is_special order by"
                      .formatted(ratios(), docId)
                  + " \"window\", \"position\"");
      for (int i = 0; i < positions.size(); i++) {
        assertThat(positions.get(i)).as(docId).isEqualTo(i);
      }
    }
    assertThat(
            DuckDb.number(
                "select count(*) from " + ratios() + " where is_special <> (doc_position is null)"))
        .isEqualTo(0L);
  }

  @Test
  void specialTokensAreMarkedAlsoInTheText() {
    assertThat(
            DuckDb.rows(
                "select token, is_special, doc_position, surprisal is null from "
                    + ratios()
                    + " where doc_id = 'marked' order by \"position\""))
        .startsWith(Arrays.asList("</s>", true, null, true))
        .contains(Arrays.asList("</s>", true, null, false));
  }

  @Test
  void anEmptyDocumentIsItsSpecialToken() {
    assertThat(
            DuckDb.rows(
                "select \"window\", \"position\", token_id, token, is_special, domain, n from "
                    + ratios()
                    + " where doc_id = 'empty'"))
        .containsExactly(List.of(0, 0, 2, "</s>", true, "none", 0L));
  }

  @Test
  void keptColumnsAreRepeatedBesideEachToken() {
    assertThat(
            DuckDb.rows("select distinct doc_id, domain, n from " + ratios() + " order by doc_id"))
        .containsExactly(
            List.of("empty", "none", 0L),
            List.of("marked", "none", 11L),
            List.of(LONG, "narrative", (long) Samples.text(LONG).length()),
            Arrays.asList("unkept", null, null),
            List.of("y\uFFFD", "astral", 20L),
            List.of("y😀", "astral", 42L));
  }

  @Test
  void runJsonSaysWhatCameOut() {
    ObjectNode run = Samples.parsed(Samples.read(out.resolve("run.json")));

    assertThat(run.path("status").asText()).isEqualTo("complete");
    assertThat(run.path("documents").asLong())
        .isEqualTo(DuckDb.number("select count(distinct doc_id) from " + ratios()))
        .isEqualTo(6);
    assertThat(run.path("tokens").asLong())
        .isEqualTo(DuckDb.number("select count(*) from " + ratios()));
    assertThat(run.path("windows").asLong())
        .isEqualTo(DuckDb.number("select count(distinct (doc_id, \"window\")) from " + ratios()));
    assertThat(run.path("errors").asLong())
        .isEqualTo(DuckDb.number("select count(*) from " + DuckDb.table(out, "errors")))
        .isEqualTo(1);
    JsonNode seconds = run.path("seconds");
    double stages =
        StreamSupport.stream(seconds.spliterator(), false).mapToDouble(JsonNode::asDouble).sum();
    assertThat(stages / 2).isCloseTo(seconds.path("total").asDouble(), within(1e-6));
    assertThat(run.path("tokens_per_second").asDouble())
        .isPositive()
        .isCloseTo(run.path("tokens").asLong() / seconds.path("total").asDouble(), within(1e-6));
    // Linux adds up its counts of each thread late: a peak read again may be some pages lower.
    long pages = 64L << 20;
    assertThat(run.path("peak_memory_bytes").asLong())
        .isBetween(peakBefore - pages, ProcessMemory.peakResidentBytes().orElse(0) + pages);
    assertThat(Samples.parsed(result.toJson())).isEqualTo(run);
    assertThat(result.out()).isEqualTo("file:" + out);
    assertThat(result.tooManyErrors()).isFalse();
  }

  @Test
  void runJsonSaysWhatWasRun() {
    ObjectNode run = Samples.parsed(Samples.read(out.resolve("run.json")));

    assertThat(run.path("run_id").asText()).matches("[0-9a-f]{16}");
    assertThat(run.path("model").asText()).isEqualTo("opt-nano");
    assertThat(run.path("family").asText()).isEqualTo("opt");
    assertThat(run.path("modality").asText()).isEqualTo("text");
    assertThat(run.path("layers").asInt()).isEqualTo(12);
    assertThat(run.path("hidden_size").asInt()).isEqualTo(192);
    try (Safetensors weights = Safetensors.open(Samples.OPT_NANO.resolve("model.safetensors"))) {
      assertThat(run.path("parameters").asLong())
          .isEqualTo(weights.tensors().values().stream().mapToLong(this::elements).sum());
    }
    assertThat(run.path("model_fingerprint").asText()).matches("[0-9a-f]{64}");
    assertThat(run.path("corpus_fingerprint").asText()).matches("[0-9a-f]{64}");
    assertThat(run.path("unused_tensors")).isEmpty();
    assertThat(run.path("versions").properties())
        .extracting(version -> version.getKey() + " " + version.getValue().asText())
        .containsExactlyElementsOf(
            Versions.all().entrySet().stream().map(v -> v.getKey() + " " + v.getValue()).toList());
    assertThat(run.path("options").path("keep-columns").asText()).isEqualTo("n,domain");
    assertThat(run.path("options").path("max-length").asText()).isEqualTo("64");
    assertThat(run.path("options").path("loss").asText()).isEqualTo("true");
  }

  @Test
  void tensorsThatAreNotRunAreListedAndNotCounted(SparkSession spark, @TempDir Path other) {
    Path model = Samples.goldenModel("llama", other.resolve("model"));
    Path corpus = Samples.write(other.resolve("a.jsonl"), List.of(Samples.jsonLine("a", "w5")));
    ProfileResult plain =
        Profiles.run(spark, Profiles.options(model, corpus, other.resolve("plain")).shards(1));
    Path extended = Samples.copy(model, other.resolve("extended"));
    Samples.changeTensors(
        extended,
        tensors ->
            tensors.put(
                "model.layers.0.self_attn.rotary_emb.inv_freq", Tensor.float32(new float[6], 6)));

    ProfileResult result =
        Profiles.run(spark, Profiles.options(extended, corpus, other.resolve("out")).shards(1));

    // Without --loss the LM head is not run either; it counts, for it is the network's.
    assertThat(plain.manifest().path("unused_tensors"))
        .extracting(JsonNode::asText)
        .containsExactly("lm_head.weight");
    assertThat(result.manifest().path("unused_tensors"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder(
            "lm_head.weight", "model.layers.0.self_attn.rotary_emb.inv_freq");
    assertThat(result.manifest().path("parameters")).isEqualTo(plain.manifest().path("parameters"));
  }

  private long elements(TensorInfo tensor) {
    long elements = 1;
    for (long dimension : tensor.dimensions()) {
      elements *= dimension;
    }
    return elements;
  }

  private static String ratios() {
    return DuckDb.table(out, "token_ratios");
  }
}
