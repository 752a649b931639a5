package io.radialnet.jobs.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.WordTokenizer;
import io.radialnet.jobs.options.ProfileOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the same command does again, and what another does in the same place. */
@ExtendWith(SparkSessionExtension.class)
class ProfileResumeTest {

  private static final int SHARDS = 6;
  private static final List<String> COUNTS = List.of("documents", "tokens", "windows", "errors");

  @TempDir private static Path shared;
  private static Path model;
  private static Path corpus;
  private static ObjectNode undisturbed;
  private static List<List<Object>> expected;

  @TempDir private Path dir;
  private SparkSession spark;
  private Path out;

  @BeforeAll
  static void undisturbedRun(SparkSession session) {
    model = Samples.goldenModel("opt", shared.resolve("opt"));
    Random random = new Random(3);
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < 30; i++) {
      texts.put("d" + i, words(random, 5 + random.nextInt(150)));
    }
    List<String> lines =
        new ArrayList<>(
            texts.entrySet().stream()
                .map(t -> Samples.jsonLine(t.getKey(), t.getValue()))
                .toList());
    lines.add("{\"doc_id\": \"broken\"}");
    corpus = Samples.write(shared.resolve("corpus.jsonl"), lines);
    Path out = shared.resolve("undisturbed");
    undisturbed = Profiles.run(session, options(out)).manifest();
    expected = DuckDb.tokenRatios(out);
  }

  private static String words(Random random, int count) {
    return WordTokenizer.text(random.ints(count, 0, 199).toArray());
  }

  private static ProfileOptions.Builder options(Path out) {
    return Profiles.options(model, corpus, out).shards(SHARDS).maxErrorFraction(0.1);
  }

  @BeforeEach
  void useSession(SparkSession session) {
    spark = session;
    out = dir.resolve("out");
  }

  @Test
  void aShardThatIsGoneIsRunAgainAlone() throws IOException {
    Profiles.run(spark, options(out));
    Map<Path, String> files = files();
    Files.delete(shard(4));

    ObjectNode again = Profiles.run(spark, options(out)).manifest();

    Map<Path, String> now = files();
    assertThat(now.keySet()).isEqualTo(files.keySet());
    assertThat(changed(files, now)).containsExactly(shard(4));
    assertUndisturbed(again);
  }

  @Test
  void progressEndsWithWhatThisRunHasDone() throws IOException {
    assertThat(Profiles.progress(spark, options(out)))
        .last()
        .asString()
        .matches(String.format("%,d tokens, [0-9,]+ tokens/s, 1 failed", expected.size()));
    Files.delete(shard(4));

    assertThat(Profiles.progress(spark, options(out)))
        .last()
        .asString()
        .matches(String.format("%,d tokens, [0-9,]+ tokens/s, 0 failed", tokensOfShard(4)));
    assertThat(Profiles.progress(spark, options(out))).isEmpty();
  }

  private long tokensOfShard(int shard) {
    return DuckDb.number("select count(*) from '" + shard(shard) + "'").longValue();
  }

  @Test
  void aCancelledRunGoesOnWhereItStopped() throws IOException {
    // The shard that is run first takes by far the longest.
    String docId =
        IntStream.iterate(0, i -> i + 1)
            .mapToObj(i -> "long" + i)
            .filter(id -> ShardKey.shardOf(id, SHARDS) == 0)
            .findFirst()
            .orElseThrow();
    List<String> lines = new ArrayList<>(Files.readAllLines(corpus));
    lines.add(Samples.jsonLine(docId, words(new Random(4), 20_000)));
    Path uneven = Samples.write(dir.resolve("corpus.jsonl"), lines);
    ProfileOptions.Builder options =
        Profiles.options(model, uneven, out).shards(SHARDS).maxErrorFraction(0.1).batchTokens(512);
    CancelAfterTheFirstShard cancel = new CancelAfterTheFirstShard(spark);
    spark.sparkContext().addSparkListener(cancel);
    try {
      assertThatThrownBy(() -> Profiles.run(spark, options))
          .isInstanceOf(SparkException.class)
          .hasMessageContaining("cancelled");
    } finally {
      spark.sparkContext().removeSparkListener(cancel);
    }
    assertThat(manifest().path("status").asText()).isEqualTo("incomplete");
    Map<Path, String> kept = files();
    assertThat(kept).isNotEmpty().doesNotContainKey(shard(0));

    ObjectNode again = Profiles.run(spark, options).manifest();

    assertThat(changed(kept, files())).isEmpty();
    assertThat(again.path("status").asText()).isEqualTo("complete");
    List<List<Object>> resumed = DuckDb.tokenRatios(out);
    Profiles.run(spark, options.overwriting());
    assertThat(resumed.equals(DuckDb.tokenRatios(out))).as("the same bits").isTrue();
  }

  private static final class CancelAfterTheFirstShard extends SparkListener {
    private final SparkSession spark;
    private final AtomicInteger shards = new AtomicInteger();

    CancelAfterTheFirstShard(SparkSession spark) {
      this.spark = spark;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      boolean isShard =
          end.taskInfo().accumulables().exists(a -> a.name().contains("radial.tokens"));
      if (isShard && end.reason() == Success$.MODULE$ && shards.incrementAndGet() == 1) {
        spark.sparkContext().cancelAllJobs();
      }
    }
  }

  @Test
  void aRunThatFailedGoesOnWhenItsCauseIsGone() throws IOException {
    Profiles.run(spark, options(out));
    Files.delete(shard(2));
    Files.delete(shard(2).resolveSibling(".part.parquet.crc"));
    Files.delete(shard(2).getParent());
    Files.writeString(shard(2).getParent(), "a file where the shard's directory should be");
    Map<Path, String> kept = files();

    assertThatThrownBy(() -> Profiles.run(spark, options(out)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("Cannot write file:" + shard(2) + ": ")
        .hasMessageEndingWith("run the same command again; finished shards are kept.");
    assertThat(manifest().path("status").asText()).isEqualTo("incomplete");

    Files.delete(shard(2).getParent());
    ObjectNode again = Profiles.run(spark, options(out)).manifest();

    assertThat(changed(kept, files())).isEmpty();
    assertUndisturbed(again);
  }

  @Test
  void aDamagedShardIsNamedWithWhatToDo() throws IOException {
    Profiles.run(spark, options(out));
    byte[] whole = Files.readAllBytes(shard(1));
    Files.write(shard(1), Arrays.copyOf(whole, whole.length / 2));
    Files.delete(shard(3));

    assertThatThrownBy(() -> Profiles.run(spark, options(out)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("Cannot read file:" + shard(1) + ": ")
        .hasMessageEndingWith("Delete the file and run the same command again.");

    Files.delete(shard(1));
    assertUndisturbed(Profiles.run(spark, options(out)).manifest());
  }

  @Test
  void aRunIsKnownAgainAfterEverythingWasMoved() throws IOException {
    Profiles.run(spark, options(out));
    Path elsewhere = dir.resolve("elsewhere");
    Path movedCorpus = Files.createDirectory(elsewhere).resolve("corpus.jsonl");
    Files.copy(corpus, movedCorpus);
    Path movedModel = Samples.copy(model, elsewhere.resolve("opt"));
    Path movedOut = Files.move(out, elsewhere.resolve("out"));
    out = movedOut;
    Map<Path, String> files = files();

    ObjectNode again =
        Profiles.run(
                spark,
                Profiles.options(movedModel, movedCorpus, movedOut)
                    .shards(SHARDS)
                    .maxErrorFraction(0.1))
            .manifest();

    assertThat(files()).isEqualTo(files);
    assertUndisturbed(again);
  }

  @Test
  void whatDiffersFromTheRunInTheSamePlaceIsNamed() {
    Path small = Samples.write(dir.resolve("a.jsonl"), List.of(Samples.jsonLine("a", "w5 w6")));
    Path other = Samples.write(dir.resolve("b.jsonl"), List.of(Samples.jsonLine("a", "w5 w7")));
    Path otherModel = Samples.goldenModel("opt-no-bias-gelu", dir.resolve("other"));
    Profiles.run(spark, Profiles.options(model, small, out).shards(1));
    List<List<Object>> rows = DuckDb.tokenRatios(out);

    assertRefused(
        Profiles.options(model, small, out).shards(2).maxLength(9).withLoss(),
        "loss (there 'false', now 'true'), max-length (there '64', now '9'), shards (there '1', now"
            + " '2')");
    assertRefused(
        Profiles.options(model, other, out).shards(1),
        "corpus (there [0-9a-f]{12}, now [0-9a-f]{12})");
    assertRefused(
        Profiles.options(otherModel, small, out).shards(1),
        "model (there [0-9a-f]{12}, now [0-9a-f]{12})");
    assertThat(DuckDb.tokenRatios(out)).isEqualTo(rows);
  }

  private void assertRefused(ProfileOptions.Builder options, String differences) {
    assertThatThrownBy(() -> Profiles.run(spark, options))
        .isInstanceOf(UserException.class)
        .hasMessageMatching(
            ("Cannot write to file:"
                        + out
                        + ": it holds another run, which differs in "
                        + differences)
                    .replaceAll("[()]", "\\\\$0")
                + "\\. Choose another --out, or --overwrite to replace it\\.");
  }

  @Test
  void overwritingReplacesAllOfAnotherRun() throws IOException {
    Path small = Samples.write(dir.resolve("a.jsonl"), List.of(Samples.jsonLine("a", "w5 w6")));
    Profiles.run(spark, options(out));

    ProfileResult result =
        Profiles.run(spark, Profiles.options(model, small, out).shards(1).overwriting());

    assertThat(files().keySet())
        .containsExactlyInAnyOrder(shard(0), out.resolve("errors/shard=0/part.parquet"));
    assertThat(DuckDb.tokenRatios(out)).extracting(row -> row.get(0)).containsExactly("a", "a");
    assertThat(result.manifest().path("run_id")).isNotEqualTo(undisturbed.path("run_id"));
    Map<Path, String> before = files();
    Profiles.run(spark, Profiles.options(model, small, out).shards(1).overwriting());
    assertThat(changed(before, files())).containsExactly(shard(0)); // asked to be run again
  }

  private void assertUndisturbed(ObjectNode manifest) {
    assertThat(manifest.path("run_id")).isEqualTo(undisturbed.path("run_id"));
    assertThat(manifest.path("status").asText()).isEqualTo("complete");
    for (String count : COUNTS) {
      assertThat(manifest.path(count).asLong())
          .as(count)
          .isPositive()
          .isEqualTo(undisturbed.path(count).asLong());
    }
    assertThat(manifest()).hasToString(manifest.toString());
    assertThat(DuckDb.tokenRatios(out).equals(expected)).as("the same bits").isTrue();
    assertThat(DuckDb.rows("select doc_id from " + DuckDb.table(out, "errors")))
        .containsExactly(List.of("broken"));
  }

  private ObjectNode manifest() {
    return Samples.parsed(Samples.read(out.resolve("run.json")));
  }

  private Path shard(int shard) {
    return out.resolve("token_ratios/shard=" + shard + "/part.parquet");
  }

  /**
   * The Parquet files there are, and which. A task of a cancelled run may still be removing its
   * temporary file beside them: only the directories of shards are listed.
   */
  private Map<Path, String> files() throws IOException {
    Map<Path, String> files = new LinkedHashMap<>();
    try (Stream<Path> shards = Files.find(out, 2, (path, about) -> about.isDirectory())) {
      for (Path file : shards.map(shard -> shard.resolve("part.parquet")).toList()) {
        if (Files.exists(file)) {
          files.put(file, Samples.identity(file));
        }
      }
    }
    return files;
  }

  private static List<Path> changed(Map<Path, String> before, Map<Path, String> now) {
    return before.keySet().stream()
        .filter(file -> !before.get(file).equals(now.get(file)))
        .filter(file -> file.toString().contains("token_ratios"))
        .toList();
  }
}
