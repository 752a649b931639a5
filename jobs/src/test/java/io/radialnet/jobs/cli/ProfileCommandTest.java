package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.WordTokenizer;
import io.radialnet.transformer.family.Families;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code radial profile} as a user sees it: exit status, messages, and what is printed. */
class ProfileCommandTest {

  @TempDir private Path dir;
  private Path model;
  private Path corpus;
  private Path out;

  @BeforeEach
  void smallModelAndCorpus() {
    model = Samples.goldenModel("opt", dir.resolve("opt"));
    corpus =
        Samples.write(
            dir.resolve("corpus.jsonl"),
            List.of(
                Samples.jsonLine("a", WordTokenizer.text(5, 6, 7)),
                Samples.jsonLine("b", WordTokenizer.text(8, 9))));
    out = dir.resolve("out");
  }

  @Test
  void lastLineOfStandardOutputIsRunJson() {
    LocalRun run = profile("--json");

    assertThat(run.status()).isEqualTo(0);
    assertThat(run.err()).isEmpty();
    assertThat(run.json()).isEqualTo(Samples.parsed(Samples.read(out.resolve("run.json"))));
    assertThat(run.out())
        .startsWith("opt (opt, 4 layers, 0.09 M parameters): 5 tokens of 2 documents in 2 windows")
        .hasLineCount(3);
  }

  @Test
  void theSameAgainDoesNothingAndSaysTheSame() {
    LocalRun first = profile("--json");
    Path shard = out.resolve("token_ratios/shard=0/part.parquet");
    String written = Samples.identity(shard);

    LocalRun second = profile("--json");

    assertThat(second).isEqualTo(first);
    assertThat(Samples.identity(shard)).isEqualTo(written);
  }

  @Test
  void moreErrorsThanAllowedIsStatusThreeAfterAllIsWritten() {
    Samples.write(
        corpus,
        List.of(
            Samples.jsonLine("a", "w5 w6"),
            "{\"doc_id\": \"b\", \"text\": null}",
            Samples.jsonLine("c", "w7 w8"),
            Samples.jsonLine("d", "w9")));

    LocalRun run = profile("--max-error-fraction", "0.2");

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out())
        .endsWith(
            "1 documents failed, more than --max-error-fraction allows: file:"
                + out
                + "/errors says which and why\n");
    assertThat(DuckDb.number("select count(*) from " + DuckDb.table(out, "token_ratios")))
        .isEqualTo(5L);
    assertThat(Samples.read(out.resolve("run.json"))).contains("\"status\" : \"complete\"");

    LocalRun tolerant = profile("--max-error-fraction", "0.25");
    assertThat(tolerant.status()).isEqualTo(0);
    assertThat(tolerant.out())
        .endsWith("1 documents failed: file:" + out + "/errors says which and why\n");
  }

  @Test
  void noSuchModel() {
    LocalRun run = profile(dir.resolve("opt-7b"));
    assertRefused(
        run,
        "Cannot open model "
            + dir
            + "/opt-7b: there is no directory file:"
            + dir
            + "/opt-7b. Check the path; file:"
            + dir
            + " has opt.");
  }

  @Test
  void noSuchCorpus() throws IOException {
    Files.delete(corpus);
    assertRefused(
        profile(),
        "Cannot read corpus "
            + corpus
            + ": there is no "
            + corpus
            + ". Name a file, a directory or a glob that exists.");
  }

  @Test
  void unsupportedArchitecture() {
    replace("config.json", "\"model_type\": \"opt\"", "\"model_type\": \"rwkv\"");
    assertRefused(
        profile(),
        "Cannot load opt: model_type 'rwkv' is not supported. Use a model of one of the families "
            + String.join(", ", Families.modelTypes())
            + ".");
  }

  @Test
  void configurationAndTensorsDisagree() {
    replace("config.json", "\"ffn_dim\": 96", "\"ffn_dim\": 80");
    LocalRun run = profile();
    assertRefused(run, null);
    assertThat(run.err())
        .contains("model.decoder.layers.0.fc1.weight", "(96, 48)", "(80, 48)", "config.json");
  }

  @Test
  void truncatedWeights() throws IOException {
    Path weights = model.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length - 1));
    LocalRun run = profile();
    assertRefused(run, null);
    assertThat(run.err()).startsWith("radial: Cannot read " + weights).contains("truncated");
  }

  @Test
  void noTokenizer() throws IOException {
    Files.delete(model.resolve("tokenizer.json"));
    assertRefused(
        profile(),
        "Cannot find a tokenizer in "
            + model
            + ": there is neither tokenizer.json nor vocab.json with merges.txt nor vocab.txt."
            + " Copy the tokenizer's files into the model's directory.");
  }

  @Test
  void tokenizerOfALargerVocabulary() {
    WordTokenizer.ofWords(300).write(model);
    assertRefused(
        profile(),
        "Cannot profile with the tokenizer of opt: its vocabulary has token ids up to 299, the"
            + " model's embedding has rows for 199."
            + " Use the tokenizer that the model was trained with.");
  }

  @Test
  void tokenizerThatInsertsWhatTheModelDoesNotHave() {
    WordTokenizer.ofWords(199).inserting(199).write(model);
    assertRefused(
        profile(),
        "Cannot profile with the tokenizer of "
            + model
            + ": it inserts token id 199, beyond the model's vocabulary of 199."
            + " Use the tokenizer that the model was trained with, or --add-special-tokens false.");
    assertThat(profile("--add-special-tokens", "false").status()).isEqualTo(0);
  }

  @Test
  void noTextColumn() {
    assertRefused(
        profile("--text-column", "body"),
        "Cannot read corpus "
            + corpus
            + ": it has no text column 'body'; its columns are doc_id, text."
            + " Name columns that exist with --text-column.");
  }

  @Test
  void windowsLongerThanTheModelHasPositions() {
    assertRefused(
        profile("--max-length", "65"),
        "Cannot profile windows of 65 tokens: opt has 64 positions."
            + " Choose a --max-length of at most 64.");
    assertThat(profile("--max-length", "64").status()).isEqualTo(0);
  }

  @Test
  void cudaThatIsNotThere() {
    LocalRun run = profile("--device", "cuda");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("radial: Cannot run on cuda: this process sees 0 CUDA devices")
        .contains("Use --device cpu")
        .hasLineCount(1);
  }

  @Test
  void outputThatIsAFile() throws IOException {
    Files.writeString(out, "mine");
    LocalRun run = profile();
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "radial: Cannot write to file:"
                + out
                + ": it is a file. Name a directory with --out.\n");
    assertThat(out).hasContent("mine");
  }

  @Test
  void outputThatHoldsSomethingElse() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("thesis.tex"), "mine");
    for (String overwrite : List.of("--json", "--overwrite")) {
      LocalRun run = profile(overwrite);
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err())
          .isEqualTo(
              "radial: Cannot write to file:"
                  + out
                  + ": it holds 'thesis.tex' and no run.json of a profile."
                  + " Choose a new or empty directory with --out.\n");
    }
    assertThat(out.resolve("thesis.tex")).hasContent("mine");
  }

  @Test
  void outputBelowAFile() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "mine");
    out = file.resolve("out");
    LocalRun run = profile();
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("radial: Cannot write to file:" + out + ": ")
        .endsWith(" Choose an --out that can be written to.\n")
        .hasLineCount(1);
    assertThat(file).hasContent("mine");
  }

  @Test
  void outputWhereNobodyMayWrite() {
    out = Path.of("/proc/radial"); // not even root
    LocalRun run = profile();
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("radial: Cannot write")
        .contains("/proc/radial")
        .endsWith(" Choose an --out that can be written to.\n")
        .hasLineCount(1);
  }

  @Test
  void outputOfAnotherRun() {
    assertThat(profile().status()).isEqualTo(0);
    LocalRun run = profile("--max-length", "2");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "radial: Cannot write to file:"
                + out
                + ": it holds another run, which differs in max-length (there '64', now '2')."
                + " Choose another --out, or --overwrite to replace it.\n");
    LocalRun replaced = profile("--max-length", "2", "--overwrite", "--json");
    assertThat(replaced.status()).isEqualTo(0);
    assertThat(replaced.json().path("windows").asInt()).isEqualTo(3);
  }

  @Test
  void outputAmongTheFilesOfTheCorpus() {
    Path texts = dir.resolve("texts");
    corpus =
        Samples.write(texts.resolve("a.jsonl"), List.of(Samples.jsonLine("a", "w5"))).getParent();
    out = texts.resolve("out");
    assertRefused(
        profile(),
        "Cannot write to file:"
            + out
            + ": it lies in the corpus, whose files it would join."
            + " Choose an --out outside of "
            + texts
            + ".");
  }

  /** Status 2, one line, and nothing written. */
  private void assertRefused(LocalRun run, String message) {
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("radial: Cannot ").hasLineCount(1);
    if (message != null) {
      assertThat(run.err()).isEqualTo("radial: " + message + "\n");
    }
    assertThat(out).doesNotExist();
  }

  private void replace(String file, String from, String to) {
    String text = Samples.read(model.resolve(file));
    assertThat(text).contains(from);
    Samples.write(model.resolve(file), List.of(text.replace(from, to)));
  }

  private LocalRun profile(String... more) {
    return profile(model, more);
  }

  private LocalRun profile(Path ofModel, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "profile",
                "--model=" + ofModel,
                "--corpus=" + corpus,
                "--out=" + out,
                "--shards=2"));
    args.addAll(Arrays.asList(more));
    return LocalRun.of(args.toArray(String[]::new));
  }
}
