package io.radialnet.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.checkpoint.SafetensorsWriter;
import io.radialnet.checkpoint.SafetensorsWriter.Tensor;
import io.radialnet.checkpoint.StorageType;
import io.radialnet.checkpoint.TensorFiles;
import io.radialnet.checkpoint.TensorInfo;
import io.radialnet.error.UserException;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Architecture.LmHead;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.family.Families;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same weights give the same numbers however they are stored and named. */
class WeightsTest {

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(
      value = StorageType.class,
      names = {"F16", "BF16"})
  void weightsOfSixteenBitsAreReadExactly(StorageType stored) throws Exception {
    try (Golden golden = Golden.of("llama")) {
      Path narrow = copy(golden, "narrow", stored, UnaryOperator.identity());
      Path wide = copy(golden, "wide", StorageType.F32, stored);
      assertThat(hidden(golden, narrow)).containsExactly(hidden(golden, wide));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"opt", "llama", "gpt2", "gpt_neox", "gemma3"})
  void theBareNetworksNamesAreTheSame(String family) throws Exception {
    try (Golden golden = Golden.of(family)) {
      Path bare =
          copy(
              golden,
              "bare",
              StorageType.F32,
              name -> name.replaceFirst("^(model|transformer|gpt_neox)\\.", ""));
      assertThat(hidden(golden, bare)).containsExactly(hidden(golden, golden.directory()));
    }
  }

  @Test
  void encodersWithAHeadAndOldNamesOfNormsAreTheSame() throws Exception {
    try (Golden golden = Golden.of("bert")) {
      UnaryOperator<String> asPretrained =
          name ->
              "bert."
                  + name.replace("LayerNorm.weight", "LayerNorm.gamma")
                      .replace("LayerNorm.bias", "LayerNorm.beta");
      Path pretrained = copy(golden, "pretrained", StorageType.F32, asPretrained);
      assertThat(hidden(golden, pretrained)).containsExactly(hidden(golden, golden.directory()));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void numbersThatAreNotFiniteAreNamedByTheirTensor(float bad) throws Exception {
    try (Golden golden = Golden.of("opt")) {
      Path broken = withNumber(golden, bad);
      assertThatThrownBy(() -> hidden(golden, broken))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "Cannot load tensor '%s': it holds NaN or infinite numbers."
                  + " Export the checkpoint again.",
              FC1);
    }
  }

  @Test
  void numbersBeyondFloat16AreNamedByTheirTensor() throws Exception {
    try (Golden golden = Golden.of("opt")) {
      Path large = withNumber(golden, 1e5f);
      assertThat(hidden(golden, large)).isNotEmpty();
      assertThatThrownBy(() -> hidden(golden, large, ElementType.FLOAT16))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "Cannot load tensor '%s': it holds numbers beyond the range of float16."
                  + " Use --dtype bfloat16 or float32.",
              FC1);
    }
  }

  private static final String FC1 = "model.decoder.layers.2.fc1.weight";

  /** The model with another first number in one tensor. */
  private Path withNumber(Golden golden, float number) throws IOException {
    return write(
        golden,
        "changed",
        UnaryOperator.identity(),
        (name, values) -> {
          if (name.equals(FC1)) {
            values[0] = number;
          }
          return encode(values, StorageType.F32);
        },
        StorageType.F32);
  }

  @Test
  void headsAreTiedWhereTheConfigurationSaysSo() throws Exception {
    try (Golden golden = Golden.of("opt");
        TensorFiles files = TensorFiles.open(golden.directory())) {
      assertThat(golden.blueprint().architecture().head()).isEqualTo(LmHead.tied(true));
      assertThat(files.has("lm_head.weight")).isFalse();
      assertThat(golden.blueprint().tensors(Head.USED, files.names()))
          .doesNotContainKey("lm_head.weight");
    }
  }

  private static float[] hidden(Golden golden, Path model) throws IOException {
    return hidden(golden, model, ElementType.FLOAT32);
  }

  private static float[] hidden(Golden golden, Path model, ElementType dtype) throws IOException {
    Blueprint blueprint = Families.blueprint(ModelConfig.read(model));
    try (TensorFiles files = TensorFiles.open(model);
        Transformer transformer =
            Transformer.load(
                blueprint,
                files,
                dtype,
                Kernels.on(Device.cpu()),
                Head.UNUSED,
                golden.longestSequence());
        Scope scope = transformer.newScope()) {
      NDArray hidden = transformer.forward(golden.batch(scope), ResidualTap.NONE, scope);
      return hidden.toFloatArray();
    }
  }

  /** The model with its weights rounded to a type, but stored in float32. */
  private Path copy(Golden golden, String name, StorageType stored, StorageType rounded)
      throws IOException {
    return write(
        golden,
        name,
        UnaryOperator.identity(),
        (tensor, values) -> encode(round(values, rounded), stored),
        stored);
  }

  private Path copy(Golden golden, String name, StorageType stored, UnaryOperator<String> renaming)
      throws IOException {
    return write(golden, name, renaming, (tensor, values) -> encode(values, stored), stored);
  }

  private interface Encoding {
    ByteBuffer encode(String tensor, float[] values);
  }

  private Path write(
      Golden golden,
      String name,
      UnaryOperator<String> renaming,
      Encoding encoding,
      StorageType stored)
      throws IOException {
    Path copy = Files.createDirectory(directory.resolve(name));
    Files.copy(golden.directory().resolve("config.json"), copy.resolve("config.json"));
    Map<String, Tensor> tensors = new TreeMap<>();
    try (TensorFiles files = TensorFiles.open(golden.directory())) {
      for (String tensor : files.names()) {
        TensorInfo info = files.info(tensor);
        FloatBuffer buffer = files.map(tensor, Integer.MAX_VALUE).get(0).asFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        tensors.put(
            renaming.apply(tensor),
            new Tensor(stored, info.shape(), List.of(encoding.encode(tensor, values))));
      }
    }
    SafetensorsWriter.write(copy.resolve("model.safetensors"), tensors, Map.of());
    return copy;
  }

  private static float[] round(float[] values, StorageType type) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] =
          type == StorageType.BF16
              ? Float.intBitsToFloat(bfloat16(values[i]) << 16)
              : Half.toFloat(Half.of(values[i]));
    }
    return rounded;
  }

  private static ByteBuffer encode(float[] values, StorageType type) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case F32 -> bytes.putFloat(value);
        case BF16 -> bytes.putShort((short) bfloat16(value));
        case F16 -> bytes.putShort(Half.of(value));
        default -> throw new IllegalArgumentException(type.toString());
      }
    }
    return bytes.flip();
  }

  private static int bfloat16(float value) {
    return Float.floatToRawIntBits(value) >>> 16;
  }
}
