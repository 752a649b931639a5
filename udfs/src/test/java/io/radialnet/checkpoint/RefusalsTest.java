package io.radialnet.checkpoint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.radialnet.error.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"quantization_config\": {\"quant_method\": \"gptq\"}"
            + " | it is quantised (quantization_config, quant_method 'gptq')",
        "\"quantization_config\": {} | quant_method 'unnamed'",
        "\"num_local_experts\": 8 | it is a mixture of experts (num_local_experts 8)",
        "\"num_experts\": 60 | it is a mixture of experts (num_experts 60)",
        "\"n_routed_experts\": 64 | it is a mixture of experts (n_routed_experts 64)",
        "\"model_type\": \"mixtral\" | it is a mixture of experts (model_type 'mixtral')",
        "\"model_type\": \"qwen3_moe\" | it is a mixture of experts (model_type 'qwen3_moe')",
        "\"vision_config\": {} | it is multimodal (vision_config)",
        "\"audio_config\": {} | it is multimodal (audio_config)",
        "\"text_config\": {} | it is multimodal (text_config)"
      })
  void refusesByName(String entry, String cause) {
    ModelConfig config = ModelConfig.of("org/model", "{" + entry + "}");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Refusals.check(config))
        .withMessageStartingWith("Cannot run model org/model: ")
        .withMessageContaining(cause);
  }

  @ParameterizedTest
  @ValueSource(strings = {"opt", "opt-350m-style", "llama", "llama-rope-scaled"})
  void letsDenseModelsPass(String golden) {
    ModelConfig config = ModelConfig.read(Checkpoints.GOLDEN.resolve(golden));
    assertThatCode(() -> Refusals.check(config)).doesNotThrowAnyException();
  }

  @Test
  void letsNullsAndZeroExpertsPass() {
    ModelConfig config =
        ModelConfig.of(
            "m", "{\"quantization_config\": null, \"num_experts\": 0, \"vision_config\": null}");
    assertThatCode(() -> Refusals.check(config)).doesNotThrowAnyException();
  }
}
