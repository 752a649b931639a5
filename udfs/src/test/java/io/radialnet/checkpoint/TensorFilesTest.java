package io.radialnet.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.radialnet.checkpoint.SafetensorsWriter.Tensor;
import io.radialnet.error.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorFilesTest {

  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  @TempDir Path directory;

  @Test
  void readsASingleFile() {
    try (TensorFiles tensors = TensorFiles.open(Checkpoints.small(directory))) {
      assertThat(tensors.names()).containsExactly("a", "b");
      assertThat(tensors.has("a")).isTrue();
      assertThat(tensors.has("model.a")).isFalse();
      assertThat(tensors.info("b").shape()).containsExactly(2L);
      assertThat(tensors.totalBytes()).isEqualTo(24);
      assertThat(tensors.files()).containsExactly(directory.resolve("model.safetensors"));
      assertThat(tensors.map("b", 100).get(0).getFloat()).isEqualTo(2);
    }
  }

  @Test
  void readsShards() {
    shard(FIRST, Map.of("a", Checkpoints.filled(1, 2)));
    shard(SECOND, Map.of("b", Checkpoints.filled(2, 3), "c", Checkpoints.filled(3)));
    index(Map.of("a", FIRST, "b", SECOND, "c", SECOND));
    try (TensorFiles tensors = TensorFiles.open(directory)) {
      assertThat(tensors.names()).containsExactly("a", "b", "c");
      assertThat(tensors.map("a", 100).get(0).getFloat()).isEqualTo(1);
      assertThat(tensors.map("c", 100).get(0).getFloat()).isEqualTo(3);
      assertThat(tensors.totalBytes()).isEqualTo(24);
      assertThat(tensors.files()).hasSize(2);
    }
  }

  @Test
  void readsShardsThatAreLinksIntoBlobs() throws IOException {
    Path blobs = Files.createDirectories(directory.resolve("blobs"));
    Path snapshot = Files.createDirectories(directory.resolve("snapshots/abc"));
    Checkpoints.small(blobs);
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs", name));
    }
    try (TensorFiles tensors = TensorFiles.open(snapshot)) {
      assertThat(tensors.names()).containsExactly("a", "b");
    }
    Files.delete(blobs.resolve("model.safetensors"));
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TensorFiles.open(snapshot))
        .withMessageContaining("it has no weights");
  }

  @Test
  void missingShardsAreNamed() {
    shard(FIRST, Map.of("a", Checkpoints.filled(1)));
    index(Map.of("a", FIRST, "b", SECOND));
    assertFails(
        "Cannot open model "
            + directory
            + ": model.safetensors.index.json names 2 files, of which 1 are missing: "
            + SECOND);
  }

  @Test
  void tensorAbsentFromItsShardIsNamed() {
    shard(FIRST, Map.of("a", Checkpoints.filled(1), "b", Checkpoints.filled(1)));
    shard(SECOND, Map.of("c", Checkpoints.filled(1)));
    index(Map.of("a", FIRST, "b", SECOND, "c", SECOND, "d", SECOND));
    assertFails(
        "model.safetensors.index.json names tensors that are not there: 'b' in "
            + SECOND
            + ", 'd' in "
            + SECOND);
  }

  @Test
  void tensorInTwoShardsIsNamed() {
    shard(FIRST, Map.of("a", Checkpoints.filled(1)));
    shard(SECOND, Map.of("a", Checkpoints.filled(1), "b", Checkpoints.filled(1)));
    index(Map.of("a", FIRST, "b", SECOND));
    assertFails("tensor 'a' is both in " + FIRST + " and in " + SECOND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"../secret.safetensors\"",
        "\"/etc/passwd\"",
        "\"sub/model.safetensors\"",
        "\"..\"",
        "\".\"",
        "\"\"",
        "\"..\\\\secret\"",
        "\"C:secret\"",
        "\"a\\u0000b\"",
        "7"
      })
  void indexMayOnlyNameFilesOfItsDirectory(String shard) {
    Checkpoints.text(
        directory.resolve(WeightFiles.Format.SAFETENSORS.index()),
        "{\"weight_map\": {\"a\": " + shard + "}}");
    assertFails("it places tensor 'a' in " + shard + ", not a file of the same directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"weight_map\": []}", "{\"weight_map\": {}}"})
  void indexWithoutWeightMapIsNamed(String index) {
    Path file = Checkpoints.text(directory.resolve(WeightFiles.Format.SAFETENSORS.index()), index);
    assertFails("Cannot read " + file + ": it has no weight_map from tensors to files");
  }

  @Test
  void readsPytorchModelBin() {
    try (TensorFiles tensors = TensorFiles.open(TorchFileTest.FILES.resolve("module"))) {
      assertThat(tensors.names())
          .containsExactly("0.weight", "1.bias", "1.weight", "2.bias", "2.weight");
      assertThat(tensors.info("2.weight").shape()).containsExactly(11L, 6L);
      assertThat(tensors.totalBytes()).isEqualTo(4 * (66 + 12 + 11)); // tied ones once
      assertThat(tensors.map("1.weight", 100).get(0).getFloat()).isEqualTo(1);
    }
  }

  @Test
  void readsShardsOfPytorchModelBin() {
    Path sharded = TorchFileTest.FILES.resolve("sharded");
    try (TensorFiles tensors = TensorFiles.open(sharded);
        Safetensors twin = Safetensors.open(sharded.resolve("twin.safetensors"))) {
      assertThat(tensors.names()).containsExactly("a", "b", "c", "d");
      assertThat(tensors.files()).hasSize(2);
      for (String name : tensors.names()) {
        assertThat(tensors.info(name).shape()).isEqualTo(twin.tensors().get(name).shape());
        assertThat(tensors.map(name, 100)).isEqualTo(twin.map(name, 100));
      }
    }
  }

  @Test
  void safetensorsArePreferred() throws IOException {
    Checkpoints.small(directory);
    Checkpoints.text(directory.resolve("pytorch_model.bin"), "not looked at");
    try (TensorFiles tensors = TensorFiles.open(directory)) {
      assertThat(tensors.names()).containsExactly("a", "b");
    }
    Files.move(directory.resolve("model.safetensors"), directory.resolve(FIRST));
    index(Map.of("a", FIRST, "b", FIRST));
    try (TensorFiles tensors = TensorFiles.open(directory)) {
      assertThat(tensors.names()).containsExactly("a", "b");
    }
  }

  @Test
  void missingShardsOfPytorchModelBinAreNamed() throws IOException {
    Path sharded = TorchFileTest.FILES.resolve("sharded");
    String second = "pytorch_model-00002-of-00002.bin";
    for (String name :
        List.of("pytorch_model.bin.index.json", "pytorch_model-00001-of-00002.bin")) {
      Files.copy(sharded.resolve(name), directory.resolve(name));
    }
    assertFails("pytorch_model.bin.index.json names 2 files, of which 1 are missing: " + second);
    Files.copy(directory.resolve("pytorch_model-00001-of-00002.bin"), directory.resolve(second));
    assertFails("tensor 'a' is both in pytorch_model-00001-of-00002.bin and in " + second);
    Files.delete(directory.resolve("pytorch_model-00001-of-00002.bin"));
    Files.copy(sharded.resolve(second), directory.resolve("pytorch_model-00001-of-00002.bin"));
    assertFails(
        "pytorch_model.bin.index.json names tensors that are not there: 'a' in"
            + " pytorch_model-00001-of-00002.bin, ");
  }

  @Test
  void theIndexOfPytorchModelBinMayOnlyNameFilesOfItsDirectory() {
    Checkpoints.text(
        directory.resolve("pytorch_model.bin.index.json"),
        "{\"weight_map\": {\"a\": \"../secret.bin\"}}");
    assertFails("it places tensor 'a' in \"../secret.bin\", not a file of the same directory");
  }

  @Test
  void absentWeightsAreNamedWithWhatIsThere() {
    Checkpoints.text(directory.resolve("config.json"), "{}");
    assertFails(
        "it has no weights, neither model.safetensors nor pytorch_model.bin, whole or in shards. "
            + "Download the checkpoint again; the directory has config.json.");
  }

  @Test
  void checkReturnsTheKnownUnusedTensors() {
    try (TensorFiles tensors = TensorFiles.open(Checkpoints.small(directory))) {
      assertThat(tensors.checkAgainst(Map.of("a", new long[] {2, 2}), name -> name.equals("b")))
          .containsExactly("b");
      assertThat(
              tensors.checkAgainst(
                  Map.of("a", new long[] {2, 2}, "b", new long[] {2}), name -> false))
          .isEmpty();
    }
  }

  @Test
  void checkReportsAllDisagreementsTogether() {
    Path model = directory.resolve("opt-tiny");
    Checkpoints.small(model);
    try (TensorFiles tensors = TensorFiles.open(model)) {
      assertThatExceptionOfType(UserException.class)
          .isThrownBy(
              () ->
                  tensors.checkAgainst(
                      Map.of("a", new long[] {2, 3}, "c", new long[0]), name -> false))
          .withMessage(
              "Cannot load opt-tiny: tensor 'a' has shape (2, 2), config.json implies (2, 3); "
                  + "missing (1 tensor): 'c'; not used by this architecture (1 tensor): 'b'. "
                  + "Re-export the checkpoint or correct config.json.");
    }
  }

  @Test
  void checkCutsLongLists() {
    Map<String, Tensor> tensors = new TreeMap<>();
    Map<String, long[]> expected = new TreeMap<>();
    IntStream.range(0, 9)
        .forEach(
            i -> {
              tensors.put("both." + i, Checkpoints.filled(1, 2));
              expected.put("both." + i, new long[] {1, 2});
              expected.put("missing." + i, new long[] {2});
            });
    shard(WeightFiles.Format.SAFETENSORS.single(), tensors);
    try (TensorFiles files = TensorFiles.open(directory)) {
      assertThatExceptionOfType(UserException.class)
          .isThrownBy(() -> files.checkAgainst(expected, name -> false))
          .withMessageContaining("tensor 'both.4' has shape (2), config.json implies (1, 2)")
          .withMessageContaining("; 4 more tensors disagree; ")
          .withMessageContaining("missing (9 tensors): 'missing.0', ")
          .withMessageContaining("'missing.4' and 4 more. ");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = StorageType.class,
      names = {"F32", "F16", "BF16"},
      mode = EnumSource.Mode.EXCLUDE)
  void checkRefusesOtherTypesWhereAWeightIsNeeded(StorageType type) {
    ByteBuffer data = ByteBuffer.allocate(2 * type.bytes());
    shard(WeightFiles.Format.SAFETENSORS.single(), Map.of("a", Tensor.of(type, List.of(2L), data)));
    try (TensorFiles tensors = TensorFiles.open(directory)) {
      assertThat(tensors.checkAgainst(Map.of(), name -> true)).containsExactly("a");
      assertThatExceptionOfType(UserException.class)
          .isThrownBy(() -> tensors.checkAgainst(Map.of("a", new long[] {2}), name -> false))
          .withMessageContaining(
              "tensor 'a' is stored as " + type + ", weights are read from F32, F16 and BF16");
    }
  }

  @Test
  void absentTensorIsNamed() {
    try (TensorFiles tensors = TensorFiles.open(Checkpoints.small(directory))) {
      assertThatExceptionOfType(UserException.class)
          .isThrownBy(() -> tensors.info("c"))
          .withMessageContaining("tensor 'c' is missing");
    }
  }

  private void assertFails(String message) {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TensorFiles.open(directory))
        .withMessageContaining(message);
  }

  private void shard(String name, Map<String, Tensor> tensors) {
    SafetensorsWriter.write(directory.resolve(name), tensors, Map.of());
  }

  private void index(Map<String, String> weightMap) {
    var node = Json.emptyObject();
    weightMap.forEach(node.putObject("weight_map")::put);
    Checkpoints.text(directory.resolve(WeightFiles.Format.SAFETENSORS.index()), node.toString());
  }
}
