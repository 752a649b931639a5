package io.radialnet.transformer.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.error.UserException;
import io.radialnet.transformer.Architecture;
import io.radialnet.transformer.Architecture.LayerAttention;
import io.radialnet.transformer.Architecture.LayerForm;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.Positions;
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

  private static final String LIKE_LLAMA =
      """
      "vocab_size": 50, "hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 4,
      "num_key_value_heads": 2, "head_dim": 4, "intermediate_size": 20, "max_position_embeddings": 64,
      "model_type":\s""";

  private static final String GPT2 =
      """
      "model_type": "gpt2", "vocab_size": 50, "n_embd": 16, "n_layer": 2, "n_head": 4,
      "n_positions": 16
      """;

  private static final String SHARED =
      """
      "vocab_size": 50, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4,
      "intermediate_size": 20, "max_position_embeddings": 64, "model_type":\s""";

  private static Architecture likeLlama(String type, String more) {
    return blueprint(LIKE_LLAMA + "\"" + type + "\"", more).architecture();
  }

  private static List<Integer> windows(Architecture architecture) {
    return architecture.attention().layers().stream().map(LayerAttention::window).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mistral     | \"sliding_window\": 5 | 5, 5, 5",
        "mistral     | \"sliding_window\": null | 0, 0, 0",
        "mistral     | \"rms_norm_eps\": 1e-5 | 4096, 4096, 4096",
        "qwen2       | \"sliding_window\": 5 | 0, 0, 0",
        "qwen2       | \"use_sliding_window\": true, \"sliding_window\": 5 | 0, 0, 0",
        "qwen2       | \"use_sliding_window\": true, \"sliding_window\": 5, \"max_window_layers\": 1"
            + " | 0, 5, 5",
        "qwen3       | \"use_sliding_window\": true, \"sliding_window\": 5, \"layer_types\":"
            + " [\"sliding_attention\", \"full_attention\", \"sliding_attention\"] | 5, 0, 5",
        "gemma2      | \"sliding_window\": 5 | 5, 0, 5",
        "gemma3_text | \"sliding_window\": 5 | 5, 5, 5",
        "gemma3_text | \"sliding_window\": 5, \"sliding_window_pattern\": 2 | 5, 0, 5",
      })
  void eachLayerHasTheWindowOfItsConfiguration(String type, String more, String windows) {
    assertThat(windows(likeLlama(type, more)).toString()).isEqualTo("[" + windows + "]");
  }

  @Test
  void gemmaScalesAndCapsAsItsConfigurationSays() {
    Architecture two = likeLlama("gemma2", "\"query_pre_attn_scalar\": 64");
    assertThat(two.attention().layers().get(0).scale()).isEqualTo(1 / 8.0);
    assertThat(two.attention().softCap()).isEqualTo(50);
    assertThat(two.head().softCap()).isEqualTo(30);
    assertThat(two.embedding().scale()).isEqualTo(4);
    Architecture uncapped = likeLlama("gemma2", "\"attn_logit_softcapping\": null");
    assertThat(uncapped.attention().softCap()).isZero();
    assertThat(likeLlama("gemma3_text", "\"vocab_size\": 50").head().softCap()).isZero();
  }

  @Test
  void gemma3RotatesLayersWithAWindowByShortWavelengths() {
    Frequencies local = new Frequencies(10_000, new RopeScaling.None());
    Frequencies global = new Frequencies(1_000_000, new RopeScaling.Linear(8));
    String pattern = "\"sliding_window_pattern\": 2, ";
    Positions four =
        likeLlama(
                "gemma3_text",
                pattern
                    + "\"rope_theta\": 1e6, \"rope_local_base_freq\": 1e4,"
                    + " \"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 8.0}")
            .positions();
    Positions five =
        likeLlama(
                "gemma3_text",
                pattern
                    + "\"rope_parameters\": {\"full_attention\": {\"rope_type\": \"linear\","
                    + " \"factor\": 8.0}, \"sliding_attention\": {\"rope_type\": \"default\"}}")
            .positions();
    assertThat(four).isEqualTo(five).isEqualTo(new Rotary(64, 4, List.of(local, global, local)));
  }

  @Test
  void gptNeoXRotatesAPartOfEachHead() {
    String neox = SHARED + "\"gpt_neox\"";
    Frequencies frequencies = new Frequencies(25_000, new RopeScaling.None());
    Rotary half = new Rotary(64, 2, List.of(frequencies, frequencies));
    assertThat(
            blueprint(neox, "\"rotary_pct\": 0.5, \"rotary_emb_base\": 25000")
                .architecture()
                .positions())
        .isEqualTo(
            blueprint(
                    neox,
                    "\"rope_parameters\": {\"partial_rotary_factor\": 0.5, \"rope_theta\": 25000}")
                .architecture()
                .positions())
        .isEqualTo(half);
    assertThat(blueprint(neox, "").architecture().form()).isEqualTo(LayerForm.PARALLEL);
    assertThat(blueprint(neox, "\"use_parallel_residual\": false").architecture().form())
        .isEqualTo(LayerForm.PRE_NORM);
    assertThat(blueprint(neox, "\"attention_bias\": false").tensors(Head.USED).keySet())
        .contains("embed_out.weight", "gpt_neox.layers.0.mlp.dense_h_to_4h.bias")
        .doesNotContain("gpt_neox.layers.0.attention.dense.bias");
  }

  @Test
  void gpt2ScalesScoresAsItsConfigurationSays() {
    assertThat(scales("")).containsExactly(0.5, 0.5);
    assertThat(scales("\"scale_attn_weights\": false")).containsExactly(1.0, 1.0);
    assertThat(scales("\"scale_attn_by_inverse_layer_idx\": true")).containsExactly(0.5, 0.25);
    assertThat(blueprint(GPT2, "\"n_inner\": 24").tensors(Head.UNUSED))
        .containsEntry("transformer.h.0.mlp.c_fc.weight", new long[] {16, 24})
        .containsEntry("transformer.h.0.mlp.c_fc.bias", new long[] {24});
  }

  private static List<Double> scales(String more) {
    return blueprint(GPT2, more).architecture().attention().layers().stream()
        .map(LayerAttention::scale)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gemma2 | \"use_bidirectional_attention\": true | use_bidirectional_attention is true",
        "gemma2 | \"attn_logit_softcapping\": -1.0 | attn_logit_softcapping is -1.0",
        "gemma2 | \"layer_types\": [\"full_attention\"] | layer_types has 1 entries",
        "gemma3_text | \"layer_types\": [\"a\", \"a\", \"a\"] | layer_types has 'a'",
        "mistral | \"layer_types\": [\"full_attention\"] | layer_types has 'full_attention' where",
        "mistral | \"sliding_window\": 0 | sliding_window is 0",
        "qwen2 | \"num_key_value_heads\": 3 | num_attention_heads (4) is no multiple of",
        "qwen3 | \"rope_theta\": 0.5, \"rope_scaling\": {\"type\": \"default\"} | rope_theta is 0.5",
        "qwen3 | \"hidden_act\": \"relu6\" | hidden_act 'relu6' is not computed here",
        "bert | \"is_decoder\": true | is_decoder is true",
        "bert | \"add_cross_attention\": true | add_cross_attention is true",
        "bert | \"position_embedding_type\": \"relative_key\" | position_embedding_type 'relative_key'",
        "gpt_neox | \"rotary_pct\": 1.5 | a share of 1.5 of heads of 4 numbers",
        "gpt_neox | \"num_attention_heads\": 5 | hidden_size (16) is no multiple of",
      })
  void whatAFamilyDoesNotComputeIsRefusedByName(String type, String more, String cause) {
    assertThatThrownBy(() -> likeLlama(type, more))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(cause);
  }

  @Test
  void decodersWithCrossAttentionAreRefused() {
    assertThatThrownBy(() -> blueprint(GPT2, "\"add_cross_attention\": true"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("add_cross_attention is true");
  }

  @Test
  void partsThatAreNotRunAreKnown() {
    assertThat(blueprint(GPT2, "").isKnownUnused("h.1.attn.masked_bias")).isTrue();
    assertThat(blueprint(GPT2, "").isKnownUnused("transformer.h.1.attn.bias")).isTrue();
    assertThat(blueprint(GPT2, "").isKnownUnused("transformer.h.1.attn.c_attn.weight")).isFalse();
    Blueprint bert = blueprint(SHARED + "\"bert\"", "");
    assertThat(bert.isKnownUnused("cls.predictions.transform.dense.weight")).isTrue();
    assertThat(bert.isKnownUnused("bert.pooler.dense.bias")).isTrue();
    assertThat(bert.isKnownUnused("bert.encoder.layer.0.output.dense.bias")).isFalse();
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
