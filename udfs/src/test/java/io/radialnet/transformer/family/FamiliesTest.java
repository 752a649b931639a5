package io.radialnet.transformer.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.error.UserException;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.Positions.Frequencies;
import io.radialnet.transformer.Positions.Rotary;
import io.radialnet.transformer.RopeScaling;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FamiliesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String OPT =
      """
      "model_type": "opt", "vocab_size": 50, "hidden_size": 12, "num_hidden_layers": 2,
      "num_attention_heads": 4, "ffn_dim": 20, "max_position_embeddings": 16
      """;

  private static final String LLAMA =
      """
      "model_type": "llama", "vocab_size": 50, "hidden_size": 16, "num_hidden_layers": 2,
      "num_attention_heads": 4, "intermediate_size": 20, "max_position_embeddings": 16
      """;

  /** Of a configuration with further fields, which replace those of the same name. */
  private static Blueprint blueprint(String fields, String more) {
    try {
      ObjectNode json = (ObjectNode) JSON.readTree("{" + fields + "}");
      json.setAll((ObjectNode) JSON.readTree("{" + more + "}"));
      return Families.blueprint(ModelConfig.of("tiny", json.toString()));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void unknownFamiliesNameTheKnown() {
    assertThatThrownBy(() -> blueprint("\"model_type\": \"mamba\"", ""))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot load tiny: model_type 'mamba' is not supported. Use a model of one of the families"
                + " bert, gemma2, gemma3_text, gpt2, gpt_neox, llama, mistral, opt, qwen2, qwen3.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yarn", "dynamic", "longrope"})
  void otherKindsOfRopeAreRefusedByName(String type) {
    assertThatThrownBy(
            () ->
                blueprint(LLAMA, "\"rope_scaling\": {\"type\": \"" + type + "\", \"factor\": 2.0}"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot load tiny: in config.json rope_type '%s' is not computed here. Supported are"
                + " default, linear, llama3.",
            type);
  }

  @Test
  void ropeIsReadFromEitherSpelling() {
    Rotary four =
        rotary("\"rope_theta\": 5e5, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.0}");
    Rotary five =
        rotary(
            "\"rope_parameters\": {\"rope_theta\": 5e5, \"rope_type\": \"linear\", \"factor\": 2.0}");
    assertThat(four).isEqualTo(five).isEqualTo(rotary(5e5, new RopeScaling.Linear(2)));
    assertThat(rotary("\"rope_scaling\": null")).isEqualTo(rotary(10_000, new RopeScaling.None()));
  }

  private static Rotary rotary(double theta, RopeScaling scaling) {
    Frequencies frequencies = new Frequencies(theta, scaling);
    return new Rotary(16, 4, List.of(frequencies, frequencies));
  }

  private static Rotary rotary(String more) {
    return (Rotary) blueprint(LLAMA, more).architecture().positions();
  }

  @Test
  void missingParametersOfRopeAreNamed() {
    assertThatThrownBy(() -> rotary("\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8}"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("low_freq_factor");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"num_attention_heads\": 5 | hidden_size (16) is no multiple of num_attention_heads (5)",
        "\"num_key_value_heads\": 3 | num_attention_heads (4) is no multiple of num_key_value_heads (3)",
        "\"head_dim\": 5 | head_dim (5) is no multiple of",
        "\"hidden_act\": \"mish\" | hidden_act 'mish' is not computed here",
        "\"partial_rotary_factor\": 0.5 | partial_rotary_factor is 0.5",
        "\"num_hidden_layers\": 0 | num_hidden_layers is 0",
      })
  void contradictionsAreRefused(String more, String cause) {
    assertThatThrownBy(() -> blueprint(LLAMA, more))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(cause);
  }

  @Test
  void normsWithoutWeightsAreRefused() {
    assertThatThrownBy(() -> blueprint(OPT, "\"layer_norm_elementwise_affine\": false"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("layer_norm_elementwise_affine is false");
  }

  @Test
  void switchesDecideWhichTensorsAreNeeded() {
    assertThat(tensors(OPT, ""))
        .contains("model.decoder.final_layer_norm.bias", "model.decoder.layers.1.fc1.bias")
        .doesNotContain("lm_head.weight", "model.decoder.project_in.weight");
    assertThat(tensors(OPT, "\"enable_bias\": false"))
        .contains("model.decoder.layers.0.self_attn_layer_norm.bias")
        .doesNotContain("model.decoder.layers.1.fc1.bias");
    assertThat(tensors(OPT, "\"do_layer_norm_before\": false, \"word_embed_proj_dim\": 8"))
        .contains("model.decoder.project_in.weight", "model.decoder.project_out.weight")
        .doesNotContain("model.decoder.final_layer_norm.weight");
    assertThat(tensors(OPT, "\"_remove_final_layer_norm\": true"))
        .doesNotContain("model.decoder.final_layer_norm.weight");
    assertThat(tensors(LLAMA, ""))
        .contains("lm_head.weight")
        .doesNotContain("model.layers.0.self_attn.q_proj.bias", "model.norm.bias");
    assertThat(tensors(LLAMA, "\"attention_bias\": true, \"mlp_bias\": true"))
        .contains("model.layers.0.self_attn.o_proj.bias", "model.layers.1.mlp.gate_proj.bias");
    assertThat(tensors(LLAMA, "\"tie_word_embeddings\": true")).doesNotContain("lm_head.weight");
  }

  private static Set<String> tensors(String fields, String more) {
    return blueprint(fields, more).tensors(Head.USED).keySet();
  }

  @Test
  void theHeadIsNeededOnlyWhenItIsRun() {
    Blueprint llama = blueprint(LLAMA, "");
    assertThat(llama.tensors(Head.UNUSED)).doesNotContainKey("lm_head.weight");
    assertThat(llama.isKnownUnused("lm_head.weight")).isTrue();
    assertThat(llama.isKnownUnused("model.layers.3.self_attn.rotary_emb.inv_freq")).isTrue();
    assertThat(llama.isKnownUnused("score.weight")).isTrue();
    assertThat(llama.isKnownUnused("model.layers.0.mlp.extra.weight")).isFalse();
  }
}
