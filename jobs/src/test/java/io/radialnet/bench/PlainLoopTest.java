package io.radialnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.jobs.profile.ProfileJob;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.probe.Measure;
import io.radialnet.probe.ProbePlan;
import io.radialnet.tensor.ElementType;
import io.radialnet.transformer.Block;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class PlainLoopTest {

  private static final int SHARDS = 2;
  private static final int BATCH_TOKENS = 64;

  @TempDir private Path dir;

  @Test
  void writesWhatSparkWrites(SparkSession spark) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < 9; i++) {
      texts.put("document " + i, "The lighthouse keeper counts the ships. ".repeat(i + 1));
    }
    Path corpus = Samples.writeJsonLines(dir.resolve("corpus.jsonl"), texts);
    String model = Samples.OPT_NANO.toString();
    Path bySpark = dir.resolve("by-spark");
    Path byLoop = dir.resolve("by-loop");
    ProfileOptions options =
        ProfileOptions.builder(model, corpus.toString(), bySpark.toString())
            .shards(SHARDS)
            .batchTokens(BATCH_TOKENS)
            .build();
    ProfileJob.run(
        spark,
        options,
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    ProbePlan probe =
        new ProbePlan(
            List.of(Block.ATTN, Block.MLP, Block.LAYER), List.of(Measure.RATIO, Measure.COSINE));
    long tokens =
        new PlainLoop(model, corpus, byLoop, ElementType.FLOAT32, probe, SHARDS, BATCH_TOKENS)
            .run();

    List<List<Object>> expected = rows(bySpark);
    assertThat(expected).hasSize((int) tokens);
    assertThat(rows(byLoop)).isEqualTo(expected);
  }

  private static List<List<Object>> rows(Path out) {
    return DuckDb.rows(
        "from "
            + DuckDb.table(out, TokenRatiosTable.NAME)
            + " order by doc_id, \"window\", position");
  }
}
