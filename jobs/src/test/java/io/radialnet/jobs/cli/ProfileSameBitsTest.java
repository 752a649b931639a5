package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.Samples;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The values of a run depend on corpus, model and options alone: not on where they are computed.
 */
class ProfileSameBitsTest {

  private static final List<String> DOCUMENTS =
      List.of(
          "letters/17-postcard-from-roz",
          "letters/16-note-on-the-shelf",
          "technical/16-torque-note",
          "dialogue/16-voicemail",
          "code/03-token-bucket.go",
          "code/17-quiet-hives.sql",
          "encyclopedic/01-tidal-mills",
          "encyclopedic/16-dead-sea-note",
          "narrative/16-one-line");

  @TempDir private Path dir;
  private int runs;

  @Test
  void neitherConcurrencyNorSplitsNorShuffleChangeABit() {
    LocalRun one = profile(Map.of("spark.master", "local[1]"));
    List<List<Object>> expected = DuckDb.tokenRatios(out(1));
    assertThat(expected).hasSizeGreaterThan(1000);

    List<Map<String, String>> others =
        List.of(
            Map.of("spark.master", "local[2]"),
            Map.of("spark.master", "local[4]"),
            // Many readers of a few lines each, whose documents reach a shard in any order.
            Map.of("spark.master", "local[3]", "spark.sql.files.maxPartitionBytes", "1000b"));
    for (Map<String, String> settings : others) {
      LocalRun run = profile(settings);

      assertThat(run.status()).isEqualTo(0);
      assertThat(run.json().path("run_id")).isEqualTo(one.json().path("run_id"));
      assertThat(DuckDb.tokenRatios(out(runs)).equals(expected)).as("%s", settings).isTrue();
    }
  }

  private LocalRun profile(Map<String, String> settings) {
    Path corpus =
        Samples.writeJsonLines(
            dir.resolve("corpus.jsonl"), Samples.documents(DOCUMENTS.toArray(String[]::new)));
    return LocalRun.with(
        settings,
        "profile",
        "--model=" + Samples.OPT_NANO,
        "--corpus=" + corpus,
        "--out=" + out(++runs),
        "--shards=5",
        "--batch-tokens=1024",
        "--loss",
        "--json");
  }

  private Path out(int run) {
    return dir.resolve("out" + run);
  }
}
