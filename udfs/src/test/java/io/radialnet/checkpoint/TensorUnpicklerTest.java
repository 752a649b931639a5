package io.radialnet.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.radialnet.checkpoint.TensorUnpickler.Dictionary;
import io.radialnet.checkpoint.TensorUnpickler.Sign;
import io.radialnet.checkpoint.TensorUnpickler.Tuple;
import io.radialnet.error.UserException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorUnpicklerTest {

  private static final Path FILE = Path.of("model.bin");

  @TempDir Path directory;

  @Test
  void buildsPlainValues() {
    PickleBytes pickle =
        PickleBytes.start()
            .code("(NK\7M\0\1J")
            .int32(-5)
            .raw(0x88, 0x89, 0x8a, 0, 0x8a, 1, 0xff)
            .number(1L << 40)
            .raw(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1)
            .code("G?\370\0\0\0\0\0\0)t.");
    assertThat(load(pickle))
        .isEqualTo(
            new Tuple(
                List.of(
                    Sign.NONE,
                    7L,
                    256L,
                    -5L,
                    true,
                    false,
                    0L,
                    -1L,
                    1L << 40,
                    BigInteger.TWO.pow(64),
                    1.5,
                    new Tuple(List.of()))));
  }

  @Test
  void buildsListsAndDictionaries() {
    // [1, 2, 3] by APPEND and APPENDS, and {'a': that list, 'b': that list} by SETITEM, SETITEMS.
    PickleBytes pickle =
        PickleBytes.start().code("}").text("a").code("]q\0K\1a(K\2K\3es(").text("b").code("h\0u.");
    Map<String, Object> entries = ((Dictionary) load(pickle)).entries();
    assertThat(entries).containsOnlyKeys("a", "b");
    assertThat(entries.get("a")).isEqualTo(List.of(1L, 2L, 3L)).isSameAs(entries.get("b"));
  }

  @Test
  void buildsTensorsParametersAndTheirSharedStorage() {
    PickleBytes pickle =
        PickleBytes.start()
            .code("(")
            .tensor(6, 1, new long[] {2}, new long[] {3})
            .global("torch._utils", "_rebuild_parameter")
            .code("(")
            .tensor(6, 0, new long[] {6}, new long[] {1})
            .raw(0x88)
            .orderedDict()
            .code("tRt.");
    TensorUnpickler unpickler = new TensorUnpickler(FILE, ByteBuffer.wrap(pickle.bytes()));
    List<Object> tensors = ((Tuple) unpickler.load()).items();
    StridedTensor first = (StridedTensor) tensors.get(0);
    StridedTensor second = (StridedTensor) tensors.get(1);
    assertThat(first.offset()).isEqualTo(1);
    assertThat(first.sizes()).containsExactly(2);
    assertThat(first.strides()).containsExactly(3);
    assertThat(second.storage()).isEqualTo(first.storage());
    assertThat(unpickler.storages())
        .containsExactly(Map.entry("0", new TorchStorage("0", StorageType.F32, 6)));
  }

  @Test
  void stopsBehindThePickle() {
    ByteBuffer bytes = ByteBuffer.wrap(PickleBytes.start().code("K\1.K\2.").bytes());
    assertThat(new TensorUnpickler(FILE, bytes).load()).isEqualTo(1L);
    assertThat(bytes.remaining()).isEqualTo(3);
  }

  static Stream<Arguments> hostile() {
    return Stream.of(
        // Names: by GLOBAL, by STACK_GLOBAL, near misses, and known ones out of place.
        refused(
            "'os.system'", PickleBytes.start().global("os", "system").text("id").code("\u0085R.")),
        refused("'builtins.eval'", PickleBytes.start().global("builtins", "eval").code(")R.")),
        refused("'posix.system'", strings("posix", "system").code(".")),
        refused(
            "'torch.storage._load_from_bytes'",
            strings("torch.storage", "_load_from_bytes").code(".")),
        refused(
            "'torch.storage.UntypedStorage'", strings("torch.storage", "UntypedStorage").code(".")),
        refused(
            "'torch._utils._rebuild_tensor'", strings("torch._utils", "_rebuild_tensor").code(".")),
        refused("'torch.Size'", PickleBytes.start().global("torch", "Size").code(")R.")),
        refused(
            "'torch.FloatStorage.__init__'", strings("torch", "FloatStorage.__init__").code(".")),
        refused(
            "'torch._utils._rebuild_tensor_v2'",
            strings("torch", "_utils._rebuild_tensor_v2").code(".")),
        refused(
            "'collections.OrderedDict.fromkeys'",
            strings("collections", "OrderedDict.fromkeys").code(".")),
        refused(
            "'os.system'",
            new PickleBytes()
                .raw(0x80, 4)
                .text("os")
                .raw(0x94)
                .text("system")
                .code("q\1h\0h\1")
                .raw(0x93)
                .code(".")),
        refused("'java.lang.Runtime'", strings("java.lang", "Runtime").code(".")),
        refused("'collections.orderedDict'", strings("collections", "orderedDict").code(".")),
        refused(
            "a name made of the number 1 and a tuple",
            PickleBytes.start().code("K\1)").raw(0x93).code(".")),
        refused("'a?[31mred.b'", strings("a\u001b[31mred", "b").code(".")),
        // Calls.
        refused(
            "a call of 'torch.FloatStorage'",
            PickleBytes.start().global("torch", "FloatStorage").code(")R.")),
        refused(
            "a call of the text 'os.system'", PickleBytes.start().text("os.system").code(")R.")),
        refused("a call of a dictionary", PickleBytes.start().orderedDict().code(")R.")),
        refused(
            "a call of 'collections.OrderedDict'",
            PickleBytes.start().global("collections", "OrderedDict").code("]R.")),
        refused(
            "an OrderedDict made of a list",
            PickleBytes.start()
                .global("collections", "OrderedDict")
                .code("]")
                .raw(0x85)
                .code("R.")),
        refused(
            "a tensor made of other than",
            PickleBytes.start().global("torch._utils", "_rebuild_tensor_v2").code(")R.")),
        refused(
            "a tensor made of other than",
            PickleBytes.start()
                .global("torch._utils", "_rebuild_tensor_v2")
                .code("(NK\0))\u0089}tR.")),
        refused(
            "a parameter made of other than",
            PickleBytes.start().global("torch._utils", "_rebuild_parameter").code("(N\u0089}tR.")),
        refused(
            "a call of a tensor",
            PickleBytes.start().tensor(1, 0, new long[0], new long[0]).code(")R.")),
        // Instructions that make objects of classes, extensions, buffers, copies.
        refused("the pickle instruction INST", PickleBytes.start().code("(ios\nsystem\n.")),
        refused(
            "the pickle instruction OBJ",
            PickleBytes.start().code("(").global("collections", "OrderedDict").code("o.")),
        refused(
            "the pickle instruction NEWOBJ",
            PickleBytes.start().global("collections", "OrderedDict").code(")").raw(0x81).code(".")),
        refused("the pickle instruction NEWOBJ_EX", PickleBytes.start().raw(0x92).code(".")),
        refused("the pickle instruction EXT1", PickleBytes.start().raw(0x82, 1).code(".")),
        refused("the pickle instruction EXT2", PickleBytes.start().raw(0x83, 1, 0).code(".")),
        refused("the pickle instruction EXT4", PickleBytes.start().raw(0x84, 1, 0, 0, 0).code(".")),
        refused("the pickle instruction PERSID", PickleBytes.start().code("P0\n.")),
        refused("the pickle instruction DUP", PickleBytes.start().code("K\1" + "2.")),
        refused("the pickle instruction STRING", PickleBytes.start().code("S'x'\n.")),
        refused(
            "the pickle instruction LONG4",
            PickleBytes.start().raw(0x8b).code("\377\377\377\177.")),
        refused("the pickle instruction BYTEARRAY8", PickleBytes.start().raw(0x96).code(".")),
        refused("the pickle instruction NEXT_BUFFER", PickleBytes.start().raw(0x97).code(".")),
        refused(
            "the pickle instruction FROZENSET", PickleBytes.start().code("(").raw(0x91).code(".")),
        // Persistent ids of odd shape.
        refused("a reference that is not to the storage", PickleBytes.start().code("NQ.")),
        refused(
            "a reference that is not to the storage",
            PickleBytes.start().text("storage").code("Q.")),
        refused("a reference that is not to the storage", PickleBytes.start().code(")Q.")),
        refused(
            "a reference that is not to the storage",
            persistent("module", "FloatStorage").code("K\1tQ.")),
        refused(
            "a reference that is not to the storage",
            persistent("storage", "FloatStorage").text("1").code("tQ.")),
        refused(
            "a reference that is not to the storage",
            persistent("storage", "FloatStorage").code("K\1K\1tQ.")),
        refused(
            "a reference that is not to the storage",
            PickleBytes.start()
                .code("(")
                .text("storage")
                .global("collections", "OrderedDict")
                .text("0")
                .text("cpu")
                .code("K\1tQ.")),
        // Attributes of anything but a dictionary.
        refused(
            "attributes of a tensor",
            PickleBytes.start().tensor(1, 0, new long[0], new long[0]).code("}b.")),
        refused("attributes of a dictionary", PickleBytes.start().orderedDict().code("Nb.")),
        refused(
            "attributes of 'collections.OrderedDict'",
            PickleBytes.start().global("collections", "OrderedDict").code("}b.")),
        refused("a dictionary whose key is the number 1", PickleBytes.start().code("}K\1K\2s.")),
        refused("a dictionary whose key is a list", PickleBytes.start().code("}]q\0h\0s.")),
        // Broken ones.
        corrupt("its pickle has no end", PickleBytes.start()),
        corrupt("its pickle has no end", PickleBytes.start().code("X").int32(-1).code("abc.")),
        corrupt(
            "its pickle has no end",
            PickleBytes.start().raw(0x8d).code("\377\377\377\377\377\377\377\377.")),
        corrupt("its pickle has no end", PickleBytes.start().raw(0x95).code("\0\0\0\0\0\0\0\1.")),
        corrupt("its pickle has no end", PickleBytes.start().raw(0x8a, 200).code("abc.")),
        corrupt("its pickle has no end", PickleBytes.start().code("cos\nsystem")),
        corrupt(
            "its pickle has a name of more than 256 bytes",
            PickleBytes.start().code("c" + "a".repeat(300) + "\n.")),
        corrupt("its pickle has protocol 0", new PickleBytes().raw(0x80, 0).code("N.")),
        corrupt("its pickle has protocol 6", new PickleBytes().raw(0x80, 6).code("N.")),
        corrupt(
            "its pickle has the unknown instruction 0x00", PickleBytes.start().raw(0).code(".")),
        corrupt(
            "its pickle has the unknown instruction 0xff", PickleBytes.start().raw(0xff).code(".")),
        corrupt(
            "its pickle has text that is not UTF-8", PickleBytes.start().code("X\1\0\0\0\377.")),
        corrupt("its pickle takes a value where there is none", PickleBytes.start().code(".")),
        corrupt("its pickle takes a value where there is none", PickleBytes.start().code("(.")),
        corrupt("its pickle takes a value where there is none", PickleBytes.start().code("K\1(R.")),
        corrupt(
            "its pickle takes a value where there is none", PickleBytes.start().code("]q\0(q\1.")),
        corrupt(
            "its pickle takes a value where there is none", PickleBytes.start().code("K\1\u0086.")),
        corrupt("its pickle takes a mark where there is none", PickleBytes.start().code("K\1t.")),
        corrupt("its pickle recalls what it has not remembered", PickleBytes.start().code("h\0.")),
        corrupt(
            "its pickle recalls what it has not remembered",
            PickleBytes.start().code("j").int32(-1).code(".")),
        corrupt(
            "its pickle leaves a gap in what it remembers",
            PickleBytes.start().code("Nr").int32(Integer.MAX_VALUE).code(".")),
        corrupt(
            "its pickle leaves a gap in what it remembers",
            PickleBytes.start().code("Nr").int32(-1).code(".")),
        corrupt("its pickle appends to a dictionary", PickleBytes.start().code("}K\1a.")),
        corrupt("its pickle appends to a tuple", PickleBytes.start().code(")(K\1e.")),
        corrupt("its pickle sets items of a list", PickleBytes.start().code("]K\1K\2s.")),
        corrupt("its pickle sets items of a dictionary", PickleBytes.start().code("}(K\1u.")),
        corrupt(
            "its pickle names 'a' twice",
            PickleBytes.start().code("}").text("a").code("Ns").text("a").code("Ns.")),
        corrupt(
            "storage '0' has two types or sizes",
            PickleBytes.start()
                .storage("FloatStorage", "0", 1)
                .storage("FloatStorage", "0", 2)
                .code(".")),
        corrupt(
            "storage '0' has two types or sizes",
            PickleBytes.start()
                .storage("FloatStorage", "0", 1)
                .storage("HalfStorage", "0", 1)
                .code(".")),
        corrupt(
            "storage '0' has -1 elements",
            PickleBytes.start().storage("FloatStorage", "0", -1).code(".")),
        corrupt(
            "storage '0' has 4611686018427387904 elements",
            PickleBytes.start().storage("FloatStorage", "0", 1L << 62).code(".")),
        corrupt(
            "a tensor has more than 64 dimensions",
            PickleBytes.start().tensor(1, 0, new long[65], new long[65]).code(".")));
  }

  private static Arguments refused(String what, PickleBytes pickle) {
    return Arguments.of("it asks to load " + what, pickle);
  }

  private static Arguments corrupt(String what, PickleBytes pickle) {
    return Arguments.of("the file is truncated or corrupt: " + what, pickle);
  }

  /** A name by STACK_GLOBAL, in protocol 4. */
  private static PickleBytes strings(String module, String name) {
    return new PickleBytes().raw(0x80, 4).text(module).text(name).raw(0x93);
  }

  /** A persistent id but for its last item. */
  private static PickleBytes persistent(String kind, String type) {
    return PickleBytes.start().code("(").text(kind).global("torch", type).text("0").text("cpu");
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void refusesByName(String cause, PickleBytes pickle) {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> load(pickle))
        .withMessageStartingWith("Cannot read model.bin: ")
        .withMessageContaining(cause);
  }

  @Test
  void refusalsSayWhyAndWhatToDo() {
    PickleBytes pickle = PickleBytes.start().global("os", "system");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> load(pickle))
        .withMessage(
            "Cannot read model.bin: it asks to load 'os.system', which is refused: weights are"
                + " tensors by name, nothing else. Beware of the file unless you know where it"
                + " comes from. To use it nevertheless, load it in Python and write its tensors"
                + " with safetensors.torch.save_file.");
  }

  @Test
  void nothingIsExecuted() {
    Path proof = directory.resolve("proof");
    PickleBytes pickle =
        PickleBytes.start().global("os", "system").text("touch " + proof).code("\u0085R.");
    Path file = TorchZips.write(directory.resolve("x.bin"), pickle.bytes(), 4);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TorchFile.open(file))
        .withMessageContaining("'os.system'");
    assertThat(Files.exists(proof)).isFalse();
  }

  @Test
  void depthCostsNoStack() {
    // A tuple in a tuple in a tuple…, a million deep, and a list that contains itself.
    PickleBytes deep = PickleBytes.start().code("N" + "\u0085".repeat(1_000_000) + ".");
    assertThat(load(deep)).isInstanceOf(Tuple.class);
    PickleBytes own = PickleBytes.start().code("]q\0h\0a.");
    assertThat((List<?>) load(own)).hasSize(1);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TorchFile.open(TorchZips.write(directory.resolve("x"), deep.bytes(), 0)))
        .withMessageContaining("it holds a tuple");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TorchFile.open(TorchZips.write(directory.resolve("x"), own.bytes(), 0)))
        .withMessageContaining("it holds a list");
  }

  @Test
  void memoryIsBounded() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> load(PickleBytes.start().code("(".repeat(100_000))))
        .withMessageContaining("its pickle nests more than 65536 values");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> load(PickleBytes.start().code("]q\0" + "h\0a".repeat(2_000_000) + ".")))
        .withMessageContaining("its pickle has more than 2000000 instructions");
    Path large = directory.resolve("large.bin");
    TorchZips.write(large, new byte[TensorUnpickler.MAX_PICKLE_BYTES + 1], 0);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TorchFile.open(large))
        .withMessageContaining("its data.pkl has 16777217 bytes");
  }

  /** Lists of lists of lists, each ten times the one before: small to hold, endless to walk. */
  @Test
  void sharedListsAreNotWalked() {
    PickleBytes pickle = PickleBytes.start().code("]q\0");
    for (int level = 1; level < 200; level++) {
      pickle.code("]").raw('q', level);
      for (int i = 0; i < 10; i++) {
        pickle.raw('h', level - 1).code("a");
      }
    }
    Path file = TorchZips.write(directory.resolve("x"), pickle.code(".").bytes(), 0);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> TorchFile.open(file))
        .withMessageContaining("it holds a list");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void survivesRandomInstructions(long seed) {
    Random random = new Random(seed);
    byte[] good = PickleBytes.stateDict(6, 0, new long[] {2, 3}, new long[] {3, 1}).bytes();
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = good.clone();
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(new TensorUnpickler(FILE, ByteBuffer.wrap(bytes)).load()).isNotNull();
      } catch (UserException e) {
        assertThat(e).hasMessageStartingWith("Cannot read model.bin: ");
      }
    }
  }

  private static Object load(PickleBytes pickle) {
    return new TensorUnpickler(FILE, ByteBuffer.wrap(pickle.bytes())).load();
  }
}
