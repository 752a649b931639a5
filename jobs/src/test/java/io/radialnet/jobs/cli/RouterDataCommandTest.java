package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code radial router-data} as a user sees it: exit status, messages, and what is printed. */
class RouterDataCommandTest {

  @TempDir private static Path shared;
  private static Path model;
  private static Path corpus;
  private static Path profile;

  @TempDir private Path dir;
  private Path out;

  @BeforeAll
  static void smallProfile() {
    model = Samples.goldenModel("opt", shared.resolve("opt"));
    corpus =
        Samples.write(
            shared.resolve("corpus.jsonl"),
            List.of(Samples.jsonLine("a", "w5 w6 w7"), Samples.jsonLine("b", "w8 w9")));
    profile = shared.resolve("profile");
    assertThat(profile("--measures", "ratio").status()).isZero();
  }

  private static LocalRun profile(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("profile", "--model", model.toString(), "--corpus", corpus.toString()));
    args.addAll(List.of("--out", profile.toString(), "--shards", "2"));
    args.addAll(Arrays.asList(more));
    return LocalRun.of(args.toArray(String[]::new));
  }

  @BeforeEach
  void useDirectory() {
    out = dir.resolve("out");
  }

  private LocalRun routerData(Path ofModel, Path ofCorpus, Path ofProfile, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("router-data", "--model", ofModel.toString(), "--corpus", ofCorpus.toString()));
    args.addAll(List.of("--profile", ofProfile.toString(), "--out", out.toString()));
    args.addAll(Arrays.asList(more));
    return LocalRun.of(args.toArray(String[]::new));
  }

  @Test
  void examplesAreMadeAndSummedUp() {
    LocalRun run = routerData(model, corpus, profile, "--threshold", "0.5", "--json");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("opt: 40 examples for 8 routers, of 40 (token, layer, block) of which ")
        .contains("% have a ratio under 0.5\ndocuments: ")
        .hasLineCount(4);
    ObjectNode file = Samples.parsed(Samples.read(out.resolve("examples.json")));
    file.remove("strata");
    assertThat(run.json()).isEqualTo(file);
    assertThat(DuckDb.number("select count(*) from " + DuckDb.table(out, "router_examples")))
        .isEqualTo(40L);
  }

  @Test
  void thresholdOutsideIsWrongUsage() {
    assertRefused(
        routerData(model, corpus, profile, "--threshold", "1"),
        "Cannot make router examples with these options: --threshold is 1.0, expected above 0 and"
            + " below 1. Correct them; `radial router-data --help` explains each.");
  }

  @Test
  void aDirectoryWithoutAProfile() {
    assertRefused(
        routerData(model, corpus, dir),
        "Cannot make router examples of file:"
            + dir
            + ": it has no run.json. Name a directory that profile wrote.");
  }

  @Test
  void aProfileThatIsNotFinished() throws IOException {
    Path unfinished = Files.createDirectories(dir.resolve("unfinished"));
    Files.writeString(
        unfinished.resolve("run.json"),
        Samples.read(profile.resolve("run.json")).replace("\"complete\"", "\"incomplete\""));

    assertRefused(
        routerData(model, corpus, unfinished),
        "Cannot make router examples of file:"
            + unfinished
            + ": its run is not finished. Run the same profile command again: it goes on where it"
            + " was interrupted.");
  }

  @Test
  void aProfileOfImages() throws IOException {
    Path images = Files.createDirectories(dir.resolve("images"));
    Files.writeString(
        images.resolve("run.json"),
        Samples.read(profile.resolve("run.json"))
            .replace("\"modality\" : \"text\"", "\"modality\" : \"images\""));

    assertRefused(
        routerData(model, corpus, images),
        "Cannot make router examples of file:"
            + images
            + ": it is a profile of images. Name a profile of text, for this version makes examples"
            + " of text only.");
  }

  @Test
  void aProfileOfAnotherModel() {
    Path other = Samples.goldenModel("opt-no-bias-gelu", dir.resolve("other"));

    assertRefusedMatching(
        routerData(other, corpus, profile),
        "Cannot make router examples of file:"
            + profile
            + " with model "
            + other
            + ": the profile is of another model, opt \\(fingerprint [0-9a-f]{12}, not"
            + " [0-9a-f]{12}\\)\\. Name the model that was profiled, or profile this one\\.");
  }

  @Test
  void aProfileOfAnotherCorpus() {
    Path other =
        Samples.write(dir.resolve("other.jsonl"), List.of(Samples.jsonLine("a", "w5 w6 w8")));

    assertRefusedMatching(
        routerData(model, other, profile),
        "Cannot make router examples of file:"
            + profile
            + " with corpus "
            + other
            + ": the profile is of another corpus, "
            + corpus
            + " \\(fingerprint [0-9a-f]{12}, not [0-9a-f]{12}\\)\\. Name the corpus that was"
            + " profiled, or profile this one\\.");
  }

  @Test
  void aProfileWithoutRatios() {
    Path usual = profile;
    try {
      profile = dir.resolve("cosines");
      assertThat(profile("--measures", "cosine").status()).isZero();

      assertRefused(
          routerData(model, corpus, profile),
          "Cannot make router examples of file:"
              + profile
              + ": it has attn_cosine, mlp_cosine, layer_cosine, not both attn_ratio and mlp_ratio."
              + " Profile with attn and mlp among --blocks and ratio among --measures.");
    } finally {
      profile = usual;
    }
  }

  @Test
  void aColumnThatWasNotKept() {
    assertRefused(
        routerData(model, corpus, profile, "--slice-by", "year"),
        "Cannot slice file:"
            + profile
            + " by 'year': it has no kept columns. Profile with --keep-columns year.");
  }

  private void assertRefused(LocalRun run, String message) {
    assertThat(run.err()).isEqualTo("radial: " + message + "\n");
    assertThat(run.out()).isEmpty();
    assertThat(run.status()).isEqualTo(2);
    assertThat(out).doesNotExist();
  }

  private void assertRefusedMatching(LocalRun run, String message) {
    assertThat(run.err()).matches("radial: " + message + "\n");
    assertThat(run.out()).isEmpty();
    assertThat(run.status()).isEqualTo(2);
    assertThat(out).doesNotExist();
  }
}
