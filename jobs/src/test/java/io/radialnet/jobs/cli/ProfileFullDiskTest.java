package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.WordTokenizer;
import io.radialnet.jobs.table.FullDisk;
import io.radialnet.jobs.table.FullDisk.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code radial profile} onto a disk that fills up. */
class ProfileFullDiskTest {

  private static final int SHARDS = 4;
  private static final long ROOM_FOR_ALL = 10_000_000;

  @TempDir private Path dir;
  private Path model;
  private Path corpus;
  private Path out;

  @BeforeEach
  void oneLongDocumentAmongShortOnesAndOneOfBlanks() {
    model = Samples.goldenModel("opt", dir.resolve("opt"));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      lines.add(Samples.jsonLine("short" + i, WordTokenizer.text(i, i + 1)));
    }
    lines.add(
        Samples.jsonLine(
            "long", WordTokenizer.text(IntStream.range(0, 3000).map(i -> i % 199).toArray())));
    // Its shard is the first to be done, for it has the most characters, and has little to write.
    lines.add(
        Samples.jsonLine(
            "blank", WordTokenizer.text(1) + " ".repeat(50_000) + WordTokenizer.text(2)));
    corpus = Samples.write(dir.resolve("corpus.jsonl"), lines);
    out = dir.resolve("out");
  }

  @Test
  void itIsToldAndTheRunGoesOnOnceThereIsRoom() throws IOException {
    LocalRun full = profile(60_000, Failure.LOCAL_ERROR);

    assertThat(full.status()).isEqualTo(2);
    assertThat(full.err())
        .matches(
            "radial: Cannot write full:"
                + out
                + "/token_ratios/shard=\\d/part.parquet: No space left on device. Free space and"
                + " run the same command again; finished shards are kept.\n");
    assertThat(Samples.read(out.resolve("run.json"))).contains("\"status\" : \"incomplete\"");
    Map<Path, String> finished = files();
    assertThat(finished).hasSizeBetween(1, SHARDS - 1);

    LocalRun resumed = profile(ROOM_FOR_ALL, Failure.LOCAL_ERROR);

    assertThat(resumed.status()).isEqualTo(0);
    assertThat(files()).hasSize(SHARDS).containsAllEntriesOf(finished);
    List<List<Object>> rows = DuckDb.tokenRatios(out);
    assertThat(rows).hasSize(3042);
    out = dir.resolve("undisturbed");
    assertThat(profile(ROOM_FOR_ALL, Failure.LOCAL_ERROR).status()).isEqualTo(0);
    assertThat(rows.equals(DuckDb.tokenRatios(out))).as("the same bits").isTrue();
  }

  @Test
  void itIsToldWhenNotEvenRunJsonFits() {
    LocalRun full = profile(100, Failure.IO_EXCEPTION);

    assertThat(full.status()).isEqualTo(2);
    assertThat(full.err())
        .isEqualTo(
            "radial: Cannot write full:"
                + out
                + "/run.json: No space left on device. Choose an --out that can be written to.\n");
    assertThat(profile(ROOM_FOR_ALL, Failure.IO_EXCEPTION).status()).isEqualTo(0);
  }

  private LocalRun profile(long roomBytes, Failure failure) {
    Map<String, String> settings = new HashMap<>(Map.of("spark.master", "local[1]"));
    FullDisk.settings(roomBytes, failure)
        .forEach((key, value) -> settings.put("spark.hadoop." + key, value));
    return LocalRun.with(
        settings,
        "profile",
        "--model=" + model,
        "--corpus=" + corpus,
        "--out=full://" + out,
        "--shards=" + SHARDS);
  }

  /** The shards there are, and which. */
  private Map<Path, String> files() throws IOException {
    Map<Path, String> files = new HashMap<>();
    try (Stream<Path> all = Files.walk(out.resolve("token_ratios"))) {
      for (Path file : all.filter(f -> f.endsWith("part.parquet")).toList()) {
        files.put(file, Samples.identity(file));
      }
    }
    return files;
  }
}
