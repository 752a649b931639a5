package io.radialnet.jobs.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.checkpoint.SafetensorsWriter.Tensor;
import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.WordTokenizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Documents that fail, and documents of every kind that must not. */
@ExtendWith(SparkSessionExtension.class)
class ProfileDocumentsTest {

  @TempDir private Path dir;
  private SparkSession spark;
  private Path out;

  @BeforeEach
  void useSession(SparkSession session) {
    spark = session;
    out = dir.resolve("out");
  }

  @Test
  void documentsThatCannotBeReadAreNamedWithTheirLine() {
    Samples.write(
        dir.resolve("corpus/a.jsonl"),
        List.of(
            Samples.jsonLine("ok", "w5 w6"),
            "{\"doc_id\": \"cut\", \"text\": \"w5",
            "{\"doc_id\": \"null\", \"text\": null}",
            "{\"doc_id\": \"absent\"}",
            Samples.jsonLine("beyond", "w5 w199"),
            Samples.jsonLine("ok", "w7")));
    Samples.write(
        dir.resolve("corpus/b.jsonl"),
        List.of(Samples.jsonLine("ok", "w8"), Samples.jsonLine("fine", "w9")));
    Path model = Samples.goldenModel("opt", dir.resolve("opt"));
    WordTokenizer.ofWords(199).adding(199).write(model);

    ProfileResult result =
        Profiles.run(
            spark,
            Profiles.options(model, dir.resolve("corpus"), out).shards(3).maxErrorFraction(0.8));

    assertThat(DuckDb.rows("select doc_id, source, reason from " + errors() + " order by source"))
        .satisfiesExactly(
            row ->
                assertThat(row)
                    .startsWith("a.jsonl#1", "a.jsonl:line 2")
                    .last()
                    .asString()
                    .startsWith("invalid JSON at column "),
            row ->
                assertThat(row).containsExactly("null", "a.jsonl:line 3", "column 'text' is null"),
            row ->
                assertThat(row)
                    .containsExactly("absent", "a.jsonl:line 4", "there is no column 'text'"),
            row ->
                assertThat(row)
                    .containsExactly(
                        "beyond",
                        "a.jsonl:line 5",
                        "token id 199 is beyond the model's vocabulary of 199"),
            row ->
                assertThat(row)
                    .containsExactly(
                        "ok",
                        "a.jsonl:line 6",
                        "another document of this id stands at a.jsonl:line 1"),
            row ->
                assertThat(row)
                    .containsExactly(
                        "ok",
                        "b.jsonl:line 1",
                        "another document of this id stands at a.jsonl:line 1"));
    assertThat(DuckDb.rows("select doc_id, token from " + ratios() + " order by all"))
        .containsExactly(List.of("fine", "w9"), List.of("ok", "w5"), List.of("ok", "w6"));
    assertThat(result.manifest().path("documents").asInt()).isEqualTo(2);
    assertThat(result.manifest().path("errors").asInt()).isEqualTo(6);
    assertThat(result.tooManyErrors()).isFalse();
  }

  @Test
  void documentsWhoseNumbersAreNotFiniteFailAndTheirEarlierWindowsAreTakenBack() {
    Path model = Samples.goldenModel("opt", dir.resolve("opt"));
    Samples.changeTensors(
        model,
        tensors ->
            setRow(tensors, "model.decoder.embed_tokens.weight", 7, 3e38f)); // its norm overflows
    int[] good = IntStream.range(0, 300).map(i -> 8 + i % 190).toArray();
    int[] bad = good.clone();
    bad[299] = 7;
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("a", WordTokenizer.text(5, 6));
    texts.put("b", WordTokenizer.text(bad));
    texts.put("c", WordTokenizer.text(good));
    texts.put("d", WordTokenizer.text(7));
    Path corpus = Samples.writeJsonLines(dir.resolve("a.jsonl"), texts);

    ProfileResult result =
        Profiles.run(
            spark, Profiles.options(model, corpus, out).shards(1).maxLength(50).batchTokens(4));

    assertThat(DuckDb.rows("select doc_id, source, reason from " + errors()))
        .containsExactly(
            List.of("b", "a.jsonl:line 2", "attn_ratio is not a finite number in window 5"),
            List.of("d", "a.jsonl:line 4", "attn_ratio is not a finite number in window 0"));
    assertThat(DuckDb.rows("select doc_id, count(*) from " + ratios() + " group by all order by 1"))
        .containsExactly(List.of("a", 2L), List.of("c", 300L));
    assertThat(result.manifest().path("tokens").asInt()).isEqualTo(302);
    assertThat(result.manifest().path("windows").asInt()).isEqualTo(7);
    assertThat(result.tooManyErrors()).isTrue();
  }

  @Test
  void aSurprisalThatIsNoNumberFailsItsDocument() {
    Path model = Samples.goldenModel("llama", dir.resolve("llama"));
    Samples.changeTensors(
        model,
        tensors -> {
          setRow(tensors, "lm_head.weight", 9, 3e38f);
          setRow(tensors, "lm_head.weight", 10, -3e38f); // one of the two logits is infinite
        });
    Path corpus =
        Samples.write(
            dir.resolve("a.jsonl"),
            List.of(Samples.jsonLine("one", "w5"), Samples.jsonLine("two", "w5 w6")));

    Profiles.run(spark, Profiles.options(model, corpus, out).shards(1).withLoss());

    assertThat(DuckDb.rows("select doc_id, reason from " + errors()))
        .containsExactly(List.of("two", "surprisal is not a finite number in window 0"));
    assertThat(DuckDb.rows("select doc_id, surprisal is null from " + ratios()))
        .containsExactly(List.of("one", true)); // nothing comes before it
  }

  @Test
  void textsOfEveryKindAreProfiledByteByByte() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("planes", planes());
    texts.put("whitespace", " \n\t\r\n   \u00a0\u3000");
    texts.put("one", "a");
    texts.put("controls", "\u0000\u0001\u007f\u0085\u200d\ufeff");
    texts.put("combined", "e\u0301 क्षि 👩‍👩‍👧 \u202eright to left\u202c");
    texts.put("quotes", "\"\\'; --</s");
    Path corpus = Samples.writeJsonLines(dir.resolve("a.jsonl"), texts);

    ProfileResult result =
        Profiles.run(
            spark,
            Profiles.options(Samples.OPT_NANO, corpus, out).shards(2).maxLength(24).withLoss());

    assertThat(result.manifest().path("errors").asInt()).isZero();
    texts.forEach(
        (docId, text) -> {
          // The vocabulary spells every byte of UTF-8 as one character.
          String where = " from %s where doc_id = '%s'".formatted(ratios(), docId);
          assertThat(DuckDb.number("select sum(len(token))" + where + " and not is_special"))
              .as(docId)
              .hasToString(Integer.toString(text.getBytes(UTF_8).length));
          assertThat(
                  DuckDb.number(
                      "select count(*)" + where + " and (surprisal is null) <> (\"position\" = 0)"))
              .as(docId)
              .isEqualTo(0L);
        });
    assertThat(DuckDb.number("select count(*) from " + ratios() + " where doc_id = 'one'"))
        .isEqualTo(2L);
  }

  /** Of each plane of Unicode one code point, assigned or not. */
  private static String planes() {
    return IntStream.rangeClosed(0, 16)
        .mapToObj(plane -> Character.toString(plane << 16 | 0xF600))
        .collect(Collectors.joining(" "));
  }

  @Test
  void aDocumentWithoutTokensIsProfiledAndHasNoRows() {
    Path model = Samples.goldenModel("opt", dir.resolve("opt"));
    Path corpus =
        Samples.write(
            dir.resolve("a.jsonl"),
            List.of(
                Samples.jsonLine("empty", ""),
                Samples.jsonLine("blank", "  "),
                Samples.jsonLine("word", "w5")));

    ProfileResult result =
        Profiles.run(spark, Profiles.options(model, corpus, out).shards(1).withLoss());

    assertThat(DuckDb.rows("select doc_id, \"window\", \"position\", token_id from " + ratios()))
        .containsExactly(List.of("word", 0, 0, 5));
    assertThat(result.manifest().path("documents").asInt()).isEqualTo(3);
    assertThat(result.manifest().path("windows").asInt()).isEqualTo(1);
    assertThat(result.manifest().path("errors").asInt()).isZero();
  }

  /** Replaces a row of a float32 matrix. */
  private static void setRow(Map<String, Tensor> tensors, String name, int row, float value) {
    Tensor tensor = tensors.get(name);
    int columns = Math.toIntExact(tensor.shape().get(1));
    ByteBuffer changed =
        ByteBuffer.allocate(tensor.chunks().get(0).remaining()).order(ByteOrder.LITTLE_ENDIAN);
    changed.put(tensor.chunks().get(0).duplicate()).flip();
    float[] values = new float[columns];
    Arrays.fill(values, value);
    changed.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(row * columns, values);
    tensors.put(name, Tensor.of(tensor.type(), tensor.shape(), changed));
  }

  private String ratios() {
    return DuckDb.table(out, "token_ratios");
  }

  private String errors() {
    return DuckDb.table(out, "errors");
  }
}
