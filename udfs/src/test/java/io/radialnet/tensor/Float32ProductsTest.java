package io.radialnet.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.radialnet.error.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products by int8 against those of float64, on processors that can make them; others refuse. */
class Float32ProductsTest {

  /** More than one slice of them, the last one not full. */
  private static final int ROWS = 300;

  private static final int I = 768;
  private static final int O = 80;

  private final Scope scope = Scope.open(Device.cpu());

  /** The bounds are for numbers of a few deviations, which random ones are nearly always. */
  @BeforeEach
  void sameNumbersEveryTime() {
    scope.manager().getEngine().setRandomSeed(17);
  }

  @AfterEach
  void free() {
    scope.close();
  }

  static boolean hasTiles() {
    return Float32Products.ofThisMachine().contains(Float32Products.INT8);
  }

  @Test
  void aProcessorWithoutTilesRefusesInt8() {
    Processor sapphireRapids = new Processor(true, true, false, Set.of(ElementType.BFLOAT16));
    assertThatThrownBy(() -> Kernels.load(Device.cpu(), sapphireRapids, Float32Products.INT8))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("amx_int8");
  }

  @Test
  void aGpuRefusesInt8() {
    Processor tiles = new Processor(true, true, true, Set.of());
    assertThatThrownBy(() -> Kernels.load(Device.gpu(1), tiles, Float32Products.INT8))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("gpu(1)");
  }

  /** Errors relative to the result, both as norms; that of float32 is 4e-7 for such numbers. */
  @ParameterizedTest
  @CsvSource({"1, 6e-7", "50, 5e-6"})
  @EnabledIf("hasTiles")
  void theErrorIsThatOfFloat32AndAFewTimesItWhereOneColumnIsLarge(float largest, double bound) {
    NDArray x = normal(ROWS, I);
    x.set(new NDIndex(":, 5"), x.get(":, 5").mul(largest));
    NDArray w = normal(O, I);
    NDArray b = normal(O);
    assertThat(error(int8(x, "none", w), exact(x, w))).isLessThan(bound);
    NDArray shifted = exact(x, w).add(b.toType(DataType.FLOAT64, true));
    assertThat(error(int8(x, "none", w, b), shifted)).isLessThan(bound);
    assertThat(error(int8(x, "relu", w, b), shifted.maximum(0))).isLessThan(bound);
  }

  /** Numbers differ in size from row to row, of x and of the weight, by up to 1e20. */
  @Test
  @EnabledIf("hasTiles")
  void rowsHaveUnitsOfTheirOwn() {
    NDArray sizes = normal(ROWS, 1).mul(8).exp();
    NDArray x = normal(ROWS, I);
    NDArray w = normal(O, I);
    NDArray y = int8(x.mul(sizes), "none", w).div(sizes);
    assertThat(error(y, exact(x, w))).isLessThan(6e-7);
    NDArray scales = normal(O, 1).mul(8).exp();
    NDArray z = int8(x, "none", w.mul(scales)).div(scales.transpose());
    assertThat(error(z, exact(x, w))).isLessThan(6e-7);
  }

  /** Packed for 300. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100, 513})
  @EnabledIf("hasTiles")
  void packedWeightsServeAnyNumberOfRows(int rows) {
    NDArray x = normal(rows, I);
    NDArray w = normal(O, I);
    assertThat(error(int8(x, "none", w), exact(x, w))).isLessThan(6e-7);
  }

  @Test
  @EnabledIf("hasTiles")
  void zerosGiveTheBias() {
    NDArray w = normal(O, I);
    NDArray b = normal(O);
    NDArray x = scope.manager().zeros(new Shape(2, I));
    assertThat(int8(x, "none", w, b).contentEquals(b.broadcast(new Shape(2, O)))).isTrue();
    NDArray y = int8(normal(2, I), "none", scope.manager().zeros(new Shape(O, I)), b);
    assertThat(y.contentEquals(b.broadcast(new Shape(2, O)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  @EnabledIf("hasTiles")
  void whatIsNotFiniteStaysSoInItsRowAlone(float number) {
    NDArray x = normal(3, I);
    x.set(new NDIndex("1, 7"), number);
    float[] y = int8(x, "none", normal(O, I)).toFloatArray();
    for (int i = 0; i < y.length; i++) {
      assertThat(Float.isFinite(y[i])).as("row %d", i / O).isEqualTo(i / O != 1);
    }
  }

  @Test
  @EnabledIf("hasTiles")
  void otherTypesAreMultipliedAsEver() {
    Kernels kernels = Kernels.on(Device.cpu(), Float32Products.INT8);
    NDArray x = cast(kernels, normal(ROWS, I), ElementType.BFLOAT16);
    NDArray w = cast(kernels, normal(O, I), ElementType.BFLOAT16);
    NDArray exact = exact(wide(kernels, x), wide(kernels, w));
    List<NDArray> map = kernels.pack(scope, List.of(w), ElementType.BFLOAT16, ROWS);
    NDArray y = kernels.run(scope, "linear", x, map.get(0), map.subList(1, map.size()), "none");
    assertThat(error(wide(kernels, y), exact)).isBetween(1e-5, 3e-3);
  }

  private NDArray int8(NDArray x, String activation, NDArray weight, NDArray... bias) {
    Kernels kernels = Kernels.on(Device.cpu(), Float32Products.INT8);
    List<NDArray> map = new ArrayList<>(List.of(weight.duplicate()));
    map.addAll(List.of(bias));
    List<NDArray> packed = kernels.pack(scope, map, ElementType.FLOAT32, ROWS);
    return kernels.run(
        scope, "linear", x, packed.get(0), packed.subList(1, packed.size()), activation);
  }

  private static NDArray exact(NDArray x, NDArray weight) {
    NDArray wide = weight.toType(DataType.FLOAT64, true);
    return x.toType(DataType.FLOAT64, true).matMul(wide.transpose());
  }

  private static double error(NDArray actual, NDArray exact) {
    assertThat(actual.getShape()).isEqualTo(exact.getShape());
    NDArray difference = actual.toType(DataType.FLOAT64, true).sub(exact);
    return Math.sqrt(difference.square().sum().getDouble() / exact.square().sum().getDouble());
  }

  private NDArray cast(Kernels kernels, NDArray x, ElementType type) {
    return kernels.run(scope, "cast", x, type.torchCode());
  }

  private NDArray wide(Kernels kernels, NDArray x) {
    return cast(kernels, x, ElementType.FLOAT32);
  }

  private NDArray normal(long... shape) {
    return scope.manager().randomNormal(new Shape(shape));
  }
}
