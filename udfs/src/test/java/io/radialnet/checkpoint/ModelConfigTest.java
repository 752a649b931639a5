package io.radialnet.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.radialnet.error.UserException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigTest {

  @TempDir Path directory;

  private static final ModelConfig CONFIG =
      ModelConfig.of(
          "tiny",
          """
          {"model_type": "llama", "hidden_size": 48, "wide": "yes", "big": 9876543210,
           "rms_norm_eps": 1e-06, "scale": 3, "pad_token_id": null, "tie": true,
           "limit": Infinity, "architectures": ["LlamaForCausalLM"], "mixed": ["a", 1],
           "rope_parameters": {"rope_type": "llama3", "factor": 8.0}}
          """);

  @Test
  void readsTypedValues() {
    assertThat(CONFIG.modelType()).isEqualTo("llama");
    assertThat(CONFIG.integer("hidden_size")).isEqualTo(48);
    assertThat(CONFIG.number("rms_norm_eps")).isEqualTo(1e-6);
    assertThat(CONFIG.number("scale")).isEqualTo(3.0);
    assertThat(CONFIG.number("limit")).isInfinite();
    assertThat(CONFIG.flag("tie", false)).isTrue();
    assertThat(CONFIG.texts("architectures")).containsExactly("LlamaForCausalLM");
    assertThat(CONFIG.object("rope_parameters").orElseThrow().number("factor")).isEqualTo(8);
  }

  @Test
  void absentAndNullKeysGiveTheDefault() {
    assertThat(CONFIG.has("pad_token_id")).isFalse();
    assertThat(CONFIG.has("hidden_size")).isTrue();
    assertThat(CONFIG.integer("pad_token_id", -1)).isEqualTo(-1);
    assertThat(CONFIG.number("absent", 0.5)).isEqualTo(0.5);
    assertThat(CONFIG.flag("absent", true)).isTrue();
    assertThat(CONFIG.text("absent", "gelu")).isEqualTo("gelu");
    assertThat(CONFIG.texts("absent")).isEmpty();
    assertThat(CONFIG.object("absent")).isEmpty();
  }

  @Test
  void missingKeyIsNamedWithWhatIsExpected() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> CONFIG.integer("num_hidden_layers"))
        .withMessage(
            "Cannot use config.json of tiny: 'num_hidden_layers' is missing. "
                + "Give it an integer, or export the checkpoint again.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wide | \"yes\"",
        "big | 9876543210",
        "scale_wrong | null",
        "rms_norm_eps | 1.0E-6",
        "tie | true"
      })
  void wrongIntegerIsNamedWithTheValueFound(String key, String found) {
    ModelConfig config =
        key.equals("scale_wrong") ? ModelConfig.of("tiny", "{\"scale_wrong\": null}") : CONFIG;
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> config.integer(key))
        .withMessageContaining("'" + key + "' is " + found + ", not an integer");
  }

  @Test
  void wrongTypesOfOtherKindsAreNamed() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> CONFIG.number("wide", 1))
        .withMessageContaining("'wide' is \"yes\", not a number");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> CONFIG.flag("scale", true))
        .withMessageContaining("'scale' is 3, not true or false");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> CONFIG.text("scale"))
        .withMessageContaining("'scale' is 3, not a string");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> CONFIG.texts("mixed"))
        .withMessageContaining("'mixed' is [\"a\",1], not a list of strings");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> CONFIG.object("wide"))
        .withMessageContaining("'wide' is \"yes\", not an object");
  }

  @Test
  void innerObjectNamesItsKeysFromTheTop() {
    ModelConfig rope = CONFIG.object("rope_parameters").orElseThrow();
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> rope.number("low_freq_factor"))
        .withMessageContaining("'rope_parameters.low_freq_factor' is missing");
  }

  @Test
  void readNamesTheFileInFailures() {
    Path file = Checkpoints.text(directory.resolve("config.json"), "{}");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> ModelConfig.read(directory).modelType())
        .withMessageStartingWith("Cannot use " + file + ": 'model_type' is missing");
  }

  @Test
  void jsonRebuildsTheSameConfiguration() {
    ModelConfig golden = ModelConfig.read(Checkpoints.GOLDEN.resolve("llama"));
    ModelConfig rebuilt = ModelConfig.of(golden.name(), golden.json());
    assertThat(rebuilt.name()).isEqualTo("llama");
    assertThat(rebuilt.json()).isEqualTo(golden.json());
    assertThat(rebuilt.integer("num_key_value_heads")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "opt-125m, opt-125m",
    "models--facebook--opt-125m/snapshots/27dcfa7, facebook/opt-125m",
    "models--gpt2/snapshots/607a30d, gpt2",
    "snapshots/27dcfa7, 27dcfa7"
  })
  void nameIsTheDirectoryOrTheHubRepository(String path, String name) {
    Path model = directory.resolve(path);
    Checkpoints.text(model.resolve("config.json"), "{}");
    assertThat(ModelConfig.read(model).name()).isEqualTo(name);
  }

  @Test
  void noModelIsNamed() {
    Path absent = directory.resolve("absent");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> ModelConfig.read(absent))
        .withMessageStartingWith("Cannot open model " + absent + ": there is no such directory. ");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> ModelConfig.read(directory))
        .withMessageStartingWith(
            "Cannot open model " + directory + ": the directory has no config.json. ");
    Path file = Checkpoints.text(directory.resolve("file"), "");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> ModelConfig.read(file))
        .withMessageStartingWith("Cannot open model " + file + ": it is not a directory. ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\": 1, | it is not valid JSON: ",
        "[1] | it is not a JSON object",
        "'' | it is not a JSON object",
        "{\"a\": 1, \"a\": 2} | it is not valid JSON: Duplicate field 'a' (line 1)",
        "{} {} | it is not valid JSON: "
      })
  void brokenJsonIsNamed(String text, String cause) {
    Path file = Checkpoints.text(directory.resolve("config.json"), text);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> ModelConfig.read(directory))
        .withMessageStartingWith("Cannot read " + file + ": " + cause);
  }
}
