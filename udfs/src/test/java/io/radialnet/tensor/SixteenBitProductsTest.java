package io.radialnet.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Products of 16 bits are those of float32, but for rounding, on every kind of processor: in
 * float32, or as they are, with packed weights or without.
 */
class SixteenBitProductsTest {

  /** More than two pieces of rows, the last one not full. */
  private static final int ROWS = 1100;

  private static final int E = 24;
  private static final int WIDE = 40;

  private final Scope scope = Scope.open(Device.cpu());

  @AfterEach
  void free() {
    scope.close();
  }

  static Stream<Arguments> typesAndProcessors() {
    List<Processor> processors =
        List.of(
            Processor.UNKNOWN,
            new Processor(true, false, false, Set.of()),
            new Processor(false, false, false, Set.of(ElementType.BFLOAT16)),
            new Processor(true, true, false, Set.of(ElementType.BFLOAT16, ElementType.FLOAT16)));
    return Stream.of(ElementType.BFLOAT16, ElementType.FLOAT16)
        .flatMap(
            type -> processors.stream().map(processor -> Arguments.arguments(type, processor)));
  }

  @ParameterizedTest
  @MethodSource("typesAndProcessors")
  void linearMaps(ElementType type, Processor processor) {
    Kernels kernels = Kernels.load(Device.cpu(), processor);
    NDArray x = rounded(kernels, type, ROWS, E);
    for (List<NDArray> map :
        List.of(
            List.of(rounded(kernels, type, WIDE, E)),
            List.of(rounded(kernels, type, WIDE, E), rounded(kernels, type, WIDE)))) {
      NDArray exact = wide(kernels, x).matMul(wide(kernels, map.get(0)).transpose());
      if (map.size() == 2) {
        exact = exact.add(wide(kernels, map.get(1)));
      }
      List<NDArray> packed = packed(kernels, type, map);
      NDArray y =
          kernels.run(scope, "linear", x, packed.get(0), packed.subList(1, packed.size()), "relu");
      close(wide(kernels, y), exact.maximum(0), type);
    }
  }

  @ParameterizedTest
  @MethodSource("typesAndProcessors")
  void feedForwardNetworks(ElementType type, Processor processor) {
    Kernels kernels = Kernels.load(Device.cpu(), processor);
    NDArray x = rounded(kernels, type, ROWS, E);
    List<NDArray> up = List.of(rounded(kernels, type, WIDE, E), rounded(kernels, type, WIDE));
    List<NDArray> gate = List.of(rounded(kernels, type, WIDE, E));
    List<NDArray> down = List.of(rounded(kernels, type, E, WIDE));
    NDArray downs = wide(kernels, down.get(0)).transpose();
    NDArray wideX = wide(kernels, x);
    NDArray ups =
        stored(
            kernels,
            type,
            wideX.matMul(wide(kernels, up.get(0)).transpose()).add(wide(kernels, up.get(1))));
    NDArray gates = stored(kernels, type, wideX.matMul(wide(kernels, gate.get(0)).transpose()));
    NDArray gated = stored(kernels, type, gates.maximum(0).mul(ups));
    List<NDArray> packedUp = packed(kernels, type, up);
    List<NDArray> packedDown = packed(kernels, type, down);
    close(
        joined(kernels, "mlp_block", x, List.of(), List.of(), 1e-5, packedUp, packedDown, "relu"),
        ups.maximum(0).matMul(downs),
        type);
    List<NDArray> packedGate = packed(kernels, type, gate);
    NDArray y =
        joined(
            kernels,
            "gated_mlp_block",
            x,
            List.of(),
            List.of(),
            1e-5,
            packedGate,
            packedUp,
            packedDown,
            "relu");
    close(y, gated.matMul(downs), type);
  }

  /** The parts of a block's result as one array, in float32. */
  private NDArray joined(Kernels kernels, String block, Object... arguments) {
    List<NDArray> parts = kernels.runForAll(scope, block, arguments);
    return wide(kernels, kernels.run(scope, "joined", parts));
  }

  /** What is between two products is of the type, too. */
  private NDArray stored(Kernels kernels, ElementType type, NDArray x) {
    return wide(kernels, kernels.run(scope, "cast", x, type.torchCode()));
  }

  private List<NDArray> packed(Kernels kernels, ElementType type, List<NDArray> map) {
    List<NDArray> copy = new ArrayList<>(map);
    copy.set(0, kernels.run(scope, "cast", map.get(0), type.torchCode()));
    return kernels.pack(scope, copy, type, ROWS);
  }

  /** Random numbers of a type. */
  private NDArray rounded(Kernels kernels, ElementType type, long... shape) {
    NDArray numbers = scope.manager().randomNormal(new Shape(shape));
    return kernels.run(scope, "cast", numbers, type.torchCode());
  }

  private NDArray wide(Kernels kernels, NDArray x) {
    return kernels.run(scope, "cast", x, ElementType.FLOAT32.torchCode());
  }

  /** Within two of the type's rounding errors of the largest number. */
  private static void close(NDArray actual, NDArray exact, ElementType type) {
    float rounding = type == ElementType.BFLOAT16 ? 0x1p-9f : 0x1p-12f;
    float largest = exact.abs().max().getFloat();
    assertThat(actual.getShape()).isEqualTo(exact.getShape());
    assertThat(actual.sub(exact).abs().max().getFloat()).isLessThan(2 * rounding * largest);
  }
}
