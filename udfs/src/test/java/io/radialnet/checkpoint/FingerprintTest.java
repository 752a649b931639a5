package io.radialnet.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.radialnet.error.UserException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {

  @TempDir Path directory;
  private Path model;
  private String before;

  @BeforeEach
  void writeModel() {
    model = Checkpoints.small(directory.resolve("one"));
    before = Fingerprint.of(model);
  }

  @Test
  void isTheSameWhereverTheDirectoryLies() {
    assertThat(before).matches("[0-9a-f]{64}");
    assertThat(Fingerprint.of(Checkpoints.small(directory.resolve("two")))).isEqualTo(before);
  }

  /** Part of the contract: a run resumed with a later version must recognise its model. */
  @Test
  void isStableAcrossVersions() {
    assertThat(Fingerprint.of(Checkpoints.GOLDEN.resolve("opt")))
        .isEqualTo("f4ad381ed1868b38652de6f90ebd15d23024abfcc05e1c15fca6ecfb9044065e");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "vocab.json",
        "merges.txt",
        "vocab.txt",
        "special_tokens_map.json",
        "added_tokens.json",
        "preprocessor_config.json"
      })
  void changesWithEveryDecidingFile(String name) {
    Checkpoints.text(model.resolve(name), "{\"model_type\": \"llama\"}");
    assertThat(Fingerprint.of(model)).isNotEqualTo(before);
  }

  @Test
  void changesWithTheWeights() {
    SafetensorsWriter.write(
        model.resolve("model.safetensors"),
        Map.of("a", Checkpoints.filled(3, 2, 2), "b", Checkpoints.filled(2, 2)),
        Map.of("format", "pt"));
    assertThat(Fingerprint.of(model)).isNotEqualTo(before);
  }

  @Test
  void changesWithPytorchModelBin() {
    Path pickled = directory.resolve("pickled");
    Checkpoints.text(pickled.resolve("config.json"), "{}");
    Checkpoints.text(pickled.resolve("pytorch_model.bin"), "weights");
    String fingerprint = Fingerprint.of(pickled);
    Checkpoints.text(pickled.resolve("pytorch_model.bin"), "weightz");
    assertThat(Fingerprint.of(pickled)).isNotEqualTo(fingerprint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "pytorch_model.bin",
        "generation_config.json",
        "consolidated.safetensors"
      })
  void ignoresOtherFiles(String name) {
    Checkpoints.text(model.resolve(name), "{}");
    assertThat(Fingerprint.of(model)).isEqualTo(before);
  }

  @Test
  void contentThatMovesToAnotherFileChangesIt() {
    Checkpoints.text(model.resolve("vocab.txt"), "x");
    String vocab = Fingerprint.of(model);
    model.resolve("vocab.txt").toFile().delete();
    Checkpoints.text(model.resolve("merges.txt"), "x");
    assertThat(Fingerprint.of(model)).isNotEqualTo(vocab);
  }

  @Test
  void noModelIsNamed() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Fingerprint.of(directory))
        .withMessageContaining("the directory has no config.json");
  }
}
