package io.radialnet.jobs.routerdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.options.RouterDataOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the same command does again, and what another does in the same place. */
@ExtendWith(SparkSessionExtension.class)
class RouterDataResumeTest {

  private static final int SHARDS = 5;

  @TempDir private static Path shared;
  private static Examples profiled;
  private static List<List<Object>> expected;

  @TempDir private Path dir;

  @BeforeAll
  static void undisturbedRun(SparkSession spark) {
    profiled = Examples.of("opt", SHARDS, shared, spark);
    Examples.run(spark, options(shared.resolve("undisturbed")));
    expected = Examples.rows(shared.resolve("undisturbed"), "*");
  }

  private static RouterDataOptions.Builder options(Path out) {
    return profiled.options(out).examples(2_000);
  }

  @Test
  void aShardThatIsGoneIsRunAgainAlone(SparkSession spark) throws IOException {
    Path out = dir.resolve("out");
    ObjectNode first = Examples.run(spark, options(out)).manifest();
    Map<Path, String> files = files(out);
    Files.delete(shard(out, 3));
    Files.writeString(shard(out, 3).resolveSibling(".part.parquet.of-a-killed-task"), "half");

    ObjectNode again = Examples.run(spark, options(out)).manifest();

    Map<Path, String> now = files(out);
    assertThat(now.keySet()).isEqualTo(files.keySet());
    now.entrySet().removeIf(file -> files.get(file.getKey()).equals(file.getValue()));
    assertThat(now.keySet()).containsExactly(shard(out, 3));
    assertThat(shard(out, 3).resolveSibling(".part.parquet.of-a-killed-task")).doesNotExist();
    assertThat(again.path("status").asText()).isEqualTo("complete");
    for (String key : List.of("run_id", "examples", "splits", "strata")) {
      assertThat(again.path(key)).as(key).isEqualTo(first.path(key));
    }
    assertThat(Examples.rows(out, "*")).isEqualTo(expected);
  }

  @Test
  void aFinishedRunIsLeftAlone(SparkSession spark) throws IOException {
    Path out = dir.resolve("out");
    RouterDataResult first = Examples.run(spark, options(out));
    Map<Path, String> files = files(out);

    RouterDataResult again = Examples.run(spark, options(out));

    assertThat(again.toJson()).isEqualTo(first.toJson()).doesNotContain("\"strata\"");
    assertThat(files(out)).isEqualTo(files);
  }

  @Test
  void aCancelledRunGoesOnWhereItStopped(SparkSession spark) throws IOException {
    Path out = dir.resolve("out");
    AtomicInteger shards = new AtomicInteger();
    SparkListener cancel =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            boolean isShard =
                end.taskInfo().accumulables().exists(a -> a.name().contains("radial.tokens"));
            if (isShard && end.reason() == Success$.MODULE$ && shards.incrementAndGet() == 1) {
              spark.sparkContext().cancelAllJobs();
            }
          }
        };
    spark.sparkContext().addSparkListener(cancel);
    try {
      // Batches of one window, so that the other shards take longer than the cancellation.
      assertThatThrownBy(() -> Examples.run(spark, options(out).batchTokens(1)))
          .isInstanceOf(SparkException.class)
          .hasMessageContaining("cancelled");
    } finally {
      spark.sparkContext().removeSparkListener(cancel);
    }
    Map<Path, String> kept = files(out);
    assertThat(Samples.parsed(Samples.read(out.resolve("examples.json"))).path("status").asText())
        .isEqualTo("incomplete");

    Examples.run(spark, options(out).batchTokens(1));

    assertThat(files(out)).containsAllEntriesOf(kept).hasSize(SHARDS);
    assertThat(Examples.rows(out, "doc_id, \"position\", layer, block, weight"))
        .isEqualTo(
            Examples.rows(
                shared.resolve("undisturbed"), "doc_id, \"position\", layer, block, weight"));
  }

  @Test
  void whatDiffersFromTheRunInTheSamePlaceIsNamed(SparkSession spark) {
    Path out = dir.resolve("out");
    Examples.run(spark, options(out).threshold(0.5));

    assertThatThrownBy(() -> Examples.run(spark, options(out).threshold(0.25).seed(9)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot write to file:"
                + out
                + ": it holds another run, which differs in threshold (there '0.5', now '0.25'),"
                + " seed (there '1', now '9'). Choose another --out, or --overwrite to replace"
                + " it.");

    ObjectNode replaced =
        Examples.run(spark, options(out).threshold(0.25).seed(9).overwriting()).manifest();
    assertThat(replaced.path("threshold").asDouble()).isEqualTo(0.25);
    assertThat(Examples.rows(out, "ratio < 0.25::float, label"))
        .allSatisfy(row -> assertThat(row.get(0)).isEqualTo(row.get(1)));
  }

  @Test
  void aDirectoryWithAnythingElseIsLeftAlone(SparkSession spark) throws IOException {
    Path out = Files.createDirectories(dir.resolve("out"));
    Files.writeString(out.resolve("thesis.tex"), "mine");

    assertThatThrownBy(() -> Examples.run(spark, options(out).overwriting()))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot write to file:"
                + out
                + ": it holds 'thesis.tex' and no examples.json of router-data. Choose a new or"
                + " empty directory with --out.");
    assertThat(out.resolve("thesis.tex")).hasContent("mine");
  }

  private static Path shard(Path out, int shard) {
    return out.resolve("router_examples/shard=" + shard + "/part.parquet");
  }

  /** The Parquet files of shards, and which. */
  private static Map<Path, String> files(Path out) throws IOException {
    Map<Path, String> files = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(out)) {
      for (Path file : all.filter(f -> f.endsWith("part.parquet")).toList()) {
        files.put(file, Samples.identity(file));
      }
    }
    return files;
  }
}
