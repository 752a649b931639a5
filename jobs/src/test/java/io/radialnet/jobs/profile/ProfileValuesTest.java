package io.radialnet.jobs.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radialnet.checkpoint.Safetensors;
import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.WordTokenizer;
import io.radialnet.jobs.options.Dtype;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches the table, against Hugging Face transformers: from text to Parquet. */
@ExtendWith(SparkSessionExtension.class)
class ProfileValuesTest {

  private static final double RATIO_TOLERANCE = 2e-5;
  private static final double SURPRISAL_TOLERANCE = 1e-4;
  private static final List<String> COLUMNS =
      List.of(
          "attn_ratio", "attn_cosine", "mlp_ratio", "mlp_cosine", "layer_ratio", "layer_cosine");

  @TempDir private Path dir;

  @Test
  void sampleDocumentsHaveTheValuesOfTransformers(SparkSession spark) {
    Map<String, String> documents =
        Samples.documents(
            "letters/17-postcard-from-roz", "dialogue/16-voicemail", "code/17-quiet-hives.sql");
    Path corpus = Samples.writeJsonLines(dir.resolve("corpus.jsonl"), documents);
    Path out = dir.resolve("out");

    Profiles.run(
        spark, Profiles.options(Samples.OPT_NANO, corpus, out).shards(3).maxLength(40).withLoss());

    String expected = "'src/test/resources/transformers/opt-nano.parquet'";
    assertThat(DuckDb.rows("select doc_id, \"window\", \"position\", token_id from " + expected))
        .hasSize(202)
        .containsExactlyInAnyOrderElementsOf(
            DuckDb.rows(
                "select doc_id, \"window\", \"position\", token_id from "
                    + DuckDb.table(out, "token_ratios")));
    String both =
        " from %s actual join %s expected using (doc_id, \"window\", \"position\")"
            .formatted(DuckDb.table(out, "token_ratios"), expected);
    for (String column : COLUMNS) {
      List<Object> compared =
          DuckDb.rows(
                  ("select count(a), count(e), max(abs(a - e)) from"
                          + " (select unnest(actual.%1$s) a, unnest(expected.%1$s) e %2$s)")
                      .formatted(column, both))
              .get(0);
      assertThat(compared.subList(0, 2)).as(column).containsExactly(202L * 12, 202L * 12);
      assertThat((Float) compared.get(2)).as(column).isLessThan((float) RATIO_TOLERANCE);
    }
    List<Object> surprisal =
        DuckDb.rows(
                "select count(actual.surprisal), count(expected.surprisal),"
                    + " max(abs(actual.surprisal - expected.surprisal))"
                    + both)
            .get(0);
    assertThat(surprisal.subList(0, 2)).containsExactly(195L, 195L); // 7 windows have a first token
    assertThat((Float) surprisal.get(2)).isLessThan((float) SURPRISAL_TOLERANCE);
  }

  /**
   * Two programs that round to 16 bits at different places differ by as much as either from
   * float32: with u the largest relative error of rounding, 2^-9 for bfloat16 and 2^-12 for
   * float16, ratios and cosines by 16 u at most and by u in the mean; surprisal, whose logits are
   * some units large, by ten times that.
   */
  @ParameterizedTest
  @CsvSource({"bfloat16, 9", "float16, 12"})
  void sixteenBitsHaveTheValuesOfTransformersButForRounding(
      String dtype, int bits, SparkSession spark) {
    Map<String, String> documents =
        Samples.documents(
            "letters/17-postcard-from-roz", "dialogue/16-voicemail", "code/17-quiet-hives.sql");
    Path corpus = Samples.writeJsonLines(dir.resolve("corpus.jsonl"), documents);
    Path out = dir.resolve("out");

    Profiles.run(
        spark,
        Profiles.options(Samples.OPT_NANO, corpus, out)
            .shards(3)
            .maxLength(40)
            .withLoss()
            .dtype(Dtype.valueOf(dtype.toUpperCase(Locale.ROOT))));

    double unit = Math.pow(2, -bits);
    String both =
        " from %s actual join 'src/test/resources/transformers/opt-nano-%s.parquet' expected"
                .formatted(DuckDb.table(out, "token_ratios"), dtype)
            + " using (doc_id, \"window\", \"position\")";
    for (String column : COLUMNS) {
      List<Object> compared =
          DuckDb.rows(
                  ("select count(a), count(e), max(abs(a - e))::double, avg(abs(a - e))::double from"
                          + " (select unnest(actual.%1$s) a, unnest(expected.%1$s) e %2$s)")
                      .formatted(column, both))
              .get(0);
      assertThat(compared.subList(0, 2)).as(column).containsExactly(202L * 12, 202L * 12);
      assertThat((Double) compared.get(2)).as(column).isLessThan(16 * unit);
      assertThat((Double) compared.get(3)).as(column).isLessThan(unit);
    }
    List<Object> surprisal =
        DuckDb.rows(
                "select count(*), max(abs(actual.surprisal - expected.surprisal))::double,"
                    + " avg(abs(actual.surprisal - expected.surprisal))::double"
                    + both
                    + " where actual.surprisal is not null")
            .get(0);
    assertThat(surprisal.get(0)).isEqualTo(195L);
    assertThat((Double) surprisal.get(1)).isLessThan(160 * unit);
    assertThat((Double) surprisal.get(2)).isLessThan(10 * unit);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert",
        "gemma2",
        "gemma3",
        "gpt2",
        "gpt_neox",
        "gpt_neox-sequential",
        "llama",
        "llama-biases-rope-linear",
        "llama-rope-scaled",
        "mistral-sliding",
        "opt",
        "opt-350m-style",
        "opt-no-bias-gelu",
        "qwen2",
        "qwen3"
      })
  void modelsOfEveryKindHaveTheValuesOfTransformers(String family, SparkSession spark) {
    try (Safetensors golden = Safetensors.open(Samples.goldenValues(family))) {
      int[] lengths = lengths(golden);
      Path corpus = Samples.writeJsonLines(dir.resolve("corpus.jsonl"), texts(golden, lengths));
      Path out = dir.resolve("out");

      Profiles.run(
          spark,
          Profiles.options(Samples.goldenModel(family, dir.resolve("model")), corpus, out)
              .shards(1));

      for (String block : List.of("attn", "mlp", "layer")) {
        float[] update = floats(golden, block + ".update"); // (L, B, T)
        float[] output = floats(golden, block + ".output");
        float[] cosine = floats(golden, block + ".cosine");
        List<List<Object>> rows =
            DuckDb.rows(
                "select doc_id, \"position\", %1$s_ratio, %1$s_cosine from %2$s"
                    .formatted(block, DuckDb.table(out, "token_ratios")));
        assertThat(rows).hasSize(Arrays.stream(lengths).sum());
        int tokens = columns(golden);
        for (List<Object> row : rows) {
          int at = Integer.parseInt((String) row.get(0)) * tokens + (Integer) row.get(1);
          List<?> ratios = (List<?>) row.get(2);
          List<?> cosines = (List<?>) row.get(3);
          assertThat(ratios).hasSize(update.length / lengths.length / tokens);
          for (int layer = 0; layer < ratios.size(); layer++, at += lengths.length * tokens) {
            assertThat((Float) ratios.get(layer))
                .isCloseTo(update[at] / output[at], within((float) RATIO_TOLERANCE));
            assertThat((Float) cosines.get(layer))
                .isCloseTo(cosine[at], within((float) RATIO_TOLERANCE));
          }
        }
      }
    }
  }

  private static int columns(Safetensors golden) {
    return (int) golden.tensors().get("input_ids").dimensions()[1];
  }

  private static int[] lengths(Safetensors golden) {
    long[] mask = longs(golden, "attention_mask"); // (B, T)
    int[] lengths = new int[mask.length / columns(golden)];
    for (int i = 0; i < mask.length; i++) {
      lengths[i / columns(golden)] += (int) mask[i];
    }
    return lengths;
  }

  private static Map<String, String> texts(Safetensors golden, int[] lengths) {
    int[] ids = Arrays.stream(longs(golden, "input_ids")).mapToInt(Math::toIntExact).toArray();
    Map<String, String> texts = new LinkedHashMap<>();
    for (int row = 0; row < lengths.length; row++) {
      int from = row * columns(golden);
      texts.put(
          Integer.toString(row),
          WordTokenizer.text(Arrays.copyOfRange(ids, from, from + lengths[row])));
    }
    return texts;
  }

  private static float[] floats(Safetensors golden, String name) {
    ByteBuffer bytes = golden.map(name, Integer.MAX_VALUE).get(0);
    float[] floats = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }

  private static long[] longs(Safetensors golden, String name) {
    ByteBuffer bytes = golden.map(name, Integer.MAX_VALUE).get(0);
    long[] longs = new long[bytes.remaining() / Long.BYTES];
    bytes.asLongBuffer().get(longs);
    return longs;
  }
}
