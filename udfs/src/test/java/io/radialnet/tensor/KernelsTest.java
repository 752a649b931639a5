package io.radialnet.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kernel against plain NDArray operations. */
class KernelsTest {

  private static final int B = 2;
  private static final int T = 7;
  private static final int E = 24;
  private static final List<NDArray> NONE = List.of();

  private final Scope scope = Scope.open(Device.cpu());
  private final Kernels kernels = Kernels.on(Device.cpu());

  @AfterEach
  void free() {
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "relu", "silu", "gelu", "gelu_tanh"})
  void linearIsTheActivationOfProductPlusBias(String activation) {
    NDArray x = normal(T, E);
    NDArray w = normal(5, E);
    NDArray b = normal(5);
    NDArray product = x.matMul(w.transpose());
    NDArray expected = activated(product, activation);
    close(linear(x, List.of(w), activation), expected);
    close(linear(x, packed(w), activation), expected);
    expected = activated(product.add(b), activation);
    close(linear(x, List.of(w, b), activation), expected);
    close(linear(x, packed(w, b), activation), expected);
  }

  /** Packed for T rows. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100, 513})
  void packedWeightsServeAnyNumberOfRows(int rows) {
    NDArray w = normal(40, E);
    NDArray x = normal(rows, E);
    close(linear(x, packed(w), "none"), x.matMul(w.transpose()));
  }

  private NDArray linear(NDArray x, List<NDArray> map, String activation) {
    return kernels.run(scope, "linear", x, map.get(0), map.subList(1, map.size()), activation);
  }

  private List<NDArray> packed(NDArray weight, NDArray... bias) {
    List<NDArray> map = new ArrayList<>(List.of(weight.duplicate()));
    map.addAll(List.of(bias));
    return kernels.pack(scope, map, ElementType.FLOAT32, T);
  }

  @Test
  @EnabledOnOs(architectures = "amd64")
  void weightsArePackedWhereOneDnnIs() {
    assertThat(isPacked(ElementType.FLOAT32)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"BFLOAT16", "FLOAT16"})
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void sixteenBitWeightsArePackedWhereTheProcessorIsFastWithThem(ElementType type) {
    assertThat(isPacked(type)).isEqualTo(Processor.current().multiplied().contains(type));
  }

  private boolean isPacked(ElementType type) {
    NDArray weight = kernels.run(scope, "cast", normal(5, E), type.torchCode());
    return kernels.pack(scope, List.of(weight), type, T).get(0) != weight;
  }

  private static NDArray activated(NDArray x, String name) {
    return switch (name) {
      case "relu" -> Activation.relu(x);
      case "silu" -> x.mul(Activation.sigmoid(x));
      case "gelu" -> x.mul(x.div(Math.sqrt(2)).erf().add(1)).mul(0.5);
      case "gelu_tanh" -> {
        NDArray inner = x.add(x.pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
        yield x.mul(inner.tanh().add(1)).mul(0.5);
      }
      default -> x;
    };
  }

  @Test
  void layerNormCentresAndScales() {
    NDArray x = normal(B, T, E);
    NDArray w = normal(E);
    NDArray b = normal(E);
    NDArray centred = x.sub(x.mean(new int[] {-1}, true));
    NDArray deviation = centred.square().mean(new int[] {-1}, true).add(1e-5f).sqrt();
    close(kernels.run(scope, "layer_norm", x, w, b, 1e-5), centred.div(deviation).mul(w).add(b));
  }

  @Test
  void rmsNormScalesByTheRootMeanSquare() {
    NDArray x = normal(B, T, E);
    NDArray w = normal(E);
    close(kernels.run(scope, "rms_norm", x, w, 1e-6), rmsNorm(x, w));
  }

  /**
   * Of more rows than a slice has, the last slice not being full; a float32 weight before rounding.
   */
  @ParameterizedTest
  @CsvSource({"FLOAT32, 1e-5", "BFLOAT16, 0.004"})
  void rmsNormOfSlicesIsThatOfFloat32ButForRounding(ElementType type, float step) {
    NDArray x = normal(type, 300, 768);
    NDArray w = normal(768);
    NDArray expected = rmsNorm(wide(x), w);
    NDArray actual = wide(kernels.run(scope, "rms_norm", x, w, 1e-6));
    NDArray error = actual.sub(expected).abs().div(expected.abs().add(1e-3f));
    assertThat(error.max().getFloat()).isLessThan(step);
  }

  /** More rows than one slice of them has. */
  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"FLOAT32", "BFLOAT16"})
  void rmsNormOfKnownNormsIsTheSameBitForBit(ElementType type) {
    NDArray before = normal(type, 300, 768);
    NDArray update = normal(type, 300, 768);
    NDArray w = normal(type, 768);
    NDArray norms = scope.manager().create(new Shape(3, 300));
    NDArray x = kernels.run(scope, "add_with_norms", before, List.of(update), List.of(), norms);
    NDArray expected = wide(kernels.run(scope, "rms_norm", x, w, 1e-6));
    for (NDArray known : List.of(norms.get(1), kernels.run(scope, "norms", x))) {
      NDArray actual = kernels.run(scope, "rms_norm_known", x, known, w, 1e-6);
      assertThat(wide(actual).contentEquals(expected)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void finiteSaysWhetherAllNumbersAre(ElementType type) {
    assertThat(isFinite(type, 1, -2, 0)).isTrue();
    assertThat(isFinite(type, 1, Float.NaN, 0)).isFalse();
    assertThat(isFinite(type, 1, Float.NEGATIVE_INFINITY, 0)).isFalse();
    assertThat(isFinite(type, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)).isFalse();
  }

  /** Numbers of which two are more than their dtype has. */
  @ParameterizedTest
  @CsvSource({"FLOAT32, 3e38", "BFLOAT16, 3e38", "FLOAT16, 6e4"})
  void numbersWhoseSumIsNotFiniteAre(ElementType type, float large) {
    assertThat(isFinite(type, large, large, large)).isTrue();
    assertThat(isFinite(type, large, large, Float.POSITIVE_INFINITY)).isFalse();
  }

  private boolean isFinite(ElementType type, float... numbers) {
    NDArray x = kernels.run(scope, "cast", scope.manager().create(numbers), type.torchCode());
    return kernels.run(scope, "finite", x).getBoolean();
  }

  @Test
  void unknownActivationFails() {
    NDArray x = normal(1, 1, E);
    assertThatThrownBy(() -> kernels.run(scope, "activate", x, "swish9"))
        .hasMessageContaining("unknown activation");
  }

  /** Heads of queries and of keys, causal, window, cap; some longer than a chunk of queries. */
  @ParameterizedTest
  @CsvSource({
    "4, 4, true, 0, 0, 7",
    "4, 4, false, 0, 0, 7",
    "4, 2, true, 0, 0, 7",
    "4, 1, true, 0, 0, 7",
    "4, 2, true, 3, 0, 7",
    "4, 4, true, 1, 0, 7",
    "4, 2, true, 7, 0, 7",
    "4, 2, true, 0, 2.5, 7",
    "4, 2, true, 3, 2.5, 7",
    "4, 4, false, 0, 2.5, 7",
    "2, 2, true, 20, 0, 600",
    "2, 1, true, 300, 0, 600",
    "2, 2, true, 20, 2.5, 600",
    "2, 2, true, 0, 2.5, 600",
    "2, 2, false, 0, 2.5, 600",
    "2, 2, true, 0, 0, 1100",
    "2, 1, false, 0, 0, 1100",
  })
  void attentionIsTheSoftmaxOfScaledScores(
      int heads, int kvHeads, boolean causal, int window, double cap, int length) {
    int d = 6;
    NDArray q = normal(B, heads, length, d);
    NDArray k = normal(B, kvHeads, length, d);
    NDArray v = normal(B, kvHeads, length, d);
    NDArray mixed = kernels.run(scope, "attention", q, k, v, 0.3, causal, window, cap);
    close(mixed, plainAttention(q, k, v, causal, window, cap));
    if (window == 0 && cap == 0) { // what CUDA devices run
      close(kernels.run(scope, "fused_attention", q, k, v, 0.3, causal), mixed);
    }
  }

  private NDArray plainAttention(
      NDArray q, NDArray k, NDArray v, boolean causal, int window, double cap) {
    long groups = q.getShape().get(1) / k.getShape().get(1);
    long length = q.getShape().get(2);
    NDArray keys = k.repeat(1, groups);
    NDArray values = v.repeat(1, groups);
    NDArray scores = q.matMul(keys.transpose(0, 1, 3, 2)).mul(0.3f); // (B, H, T, T)
    if (cap > 0) {
      scores = scores.div(cap).tanh().mul(cap);
    }
    if (causal) {
      NDArray at = scope.manager().arange((float) length);
      NDArray behind = at.reshape(length, 1).sub(at.reshape(1, length)); // query - key
      NDArray hidden = behind.lt(0).toType(DataType.FLOAT32, false);
      if (window > 0) {
        hidden = hidden.add(behind.gte(window).toType(DataType.FLOAT32, false));
      }
      scores = scores.add(hidden.mul(-1e9f));
    }
    return scores.softmax(-1).matMul(values);
  }

  @Test
  void sequencesLaidEndToEndAttendToThemselvesAlone() {
    NDArray q = normal(10, 4, 6);
    NDArray k = normal(10, 2, 6);
    NDArray v = normal(10, 2, 6);
    long[] runs = {2, 3, 1, 4}; // lengths 3, 3, 4
    NDArray together =
        kernels.run(
            scope, "attention_of_sequences", q, k, v, runs, 0.3, true, 0, 0.0); // (N, H * D)
    int from = 0;
    for (int length : new int[] {3, 3, 4}) {
      NDIndex rows = new NDIndex("{}:{}", from, from + length);
      NDArray alone =
          plainAttention(alone(q.get(rows)), alone(k.get(rows)), alone(v.get(rows)), true, 0, 0);
      close(together.get(rows), alone.get(0).transpose(1, 0, 2).reshape(length, 24));
      from += length;
    }
  }

  /** (T, H, D) -> (1, H, T, D). */
  private static NDArray alone(NDArray x) {
    return x.transpose(1, 0, 2).expandDims(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 4})
  void rotationTurnsPairsOfHalvesByTheirAngle(int rotated) {
    NDArray x = normal(T, 4, 6);
    int half = rotated / 2;
    NDArray angles = scope.manager().randomUniform(0, 3, new Shape(T, 1, half));
    NDArray low = x.get(new NDIndex("..., 0:{}", half));
    NDArray high = x.get(new NDIndex("..., {}:{}", half, rotated));
    NDArray expected =
        low.mul(angles.cos())
            .sub(high.mul(angles.sin()))
            .concat(high.mul(angles.cos()).add(low.mul(angles.sin())), -1);
    if (rotated < 6) {
      expected = expected.concat(x.get(new NDIndex("..., {}:6", rotated)), -1);
    }
    NDArray cosines = angles.cos().concat(angles.cos(), -1).reshape(T, rotated);
    NDArray sines = angles.sin().neg().concat(angles.sin(), -1).reshape(T, rotated);
    close(kernels.run(scope, "rotate", x, cosines, sines), expected);
  }

  @Test
  void attentionBlockProjectsNormsAttendsAndProjectsBack() {
    int heads = 4;
    NDArray x = normal(T, E);
    NDArray q = normal(E, E).mul(0.2f);
    NDArray k = normal(E / 2, E).mul(0.2f);
    NDArray v = normal(E / 2, E).mul(0.2f);
    NDArray o = normal(E, E);
    NDArray bias = normal(2 * E);
    NDArray outBias = normal(E);
    NDArray qNorm = normal(E / heads);
    NDArray kNorm = normal(E / heads);
    NDArray block =
        kernels.run(
            scope,
            "attention_block",
            x,
            List.of(q.concat(k, 0).concat(v, 0), bias),
            List.of(o, outBias),
            List.of(qNorm, kNorm),
            1e-6,
            List.of(),
            new long[] {1, T},
            heads,
            heads / 2,
            0.3,
            true,
            0,
            0.0);
    NDArray queries = x.matMul(q.transpose()).add(bias.get("0:24")).reshape(T, heads, -1);
    NDArray keys = x.matMul(k.transpose()).add(bias.get("24:36")).reshape(T, heads / 2, -1);
    NDArray values = x.matMul(v.transpose()).add(bias.get("36:48")).reshape(T, heads / 2, -1);
    NDArray mixed =
        plainAttention(
            alone(rmsNorm(queries, qNorm)), alone(rmsNorm(keys, kNorm)), alone(values), true, 0, 0);
    NDArray merged = mixed.get(0).transpose(1, 0, 2).reshape(T, E);
    close(block, merged.matMul(o.transpose()).add(outBias));
  }

  private static NDArray rmsNorm(NDArray x, NDArray weight) {
    return x.div(x.square().mean(new int[] {-1}, true).add(1e-6f).sqrt()).mul(weight);
  }

  /** Also of more rows than a piece, and of pieces that are not all full. */
  @ParameterizedTest
  @ValueSource(ints = {T, 512, 1100})
  void mlpBlocksAreTheirFormulas(int rows) {
    NDArray x = normal(rows, E);
    NDArray up = normal(10, E);
    NDArray gate = normal(10, E);
    NDArray down = normal(E, 10);
    NDArray bias = normal(10);
    close(
        joined("mlp_block", x, NONE, NONE, 1e-5, List.of(up, bias), List.of(down), "relu"),
        Activation.relu(x.matMul(up.transpose()).add(bias)).matMul(down.transpose()));
    NDArray opened = x.matMul(gate.transpose());
    NDArray gated = opened.mul(Activation.sigmoid(opened)).mul(x.matMul(up.transpose()));
    close(
        joined(
            "gated_mlp_block",
            x,
            NONE,
            NONE,
            1e-5,
            List.of(gate),
            List.of(up),
            List.of(down),
            "silu"),
        gated.matMul(down.transpose()));
  }

  /** Bit for bit, and the same if an RMSNorm is told the norms of all rows. */
  @ParameterizedTest
  @ValueSource(ints = {T, 1100})
  void mlpBlocksNormTheirInputs(int rows) {
    NDArray x = normal(rows, E);
    List<NDArray> up = List.of(normal(10, E));
    List<NDArray> down = List.of(normal(E, 10));
    List<NDArray> known = List.of(kernels.run(scope, "norms", x));
    for (List<NDArray> norm : List.of(List.of(normal(E)), List.of(normal(E), normal(E)))) {
      NDArray h = kernels.run(scope, "normed", x, norm, NONE, 1e-5);
      NDArray ofNormed = joined("mlp_block", h, NONE, NONE, 1e-5, up, down, "relu");
      NDArray gated = joined("gated_mlp_block", h, NONE, NONE, 1e-5, up, up, down, "silu");
      for (List<NDArray> norms : List.of(NONE, known)) {
        NDArray y = joined("mlp_block", x, norm, norms, 1e-5, up, down, "relu");
        assertThat(y.contentEquals(ofNormed)).isTrue();
        NDArray z = joined("gated_mlp_block", x, norm, norms, 1e-5, up, up, down, "silu");
        assertThat(z.contentEquals(gated)).isTrue();
      }
    }
  }

  @Test
  void normsAreToldApartByTheirWeights() {
    NDArray x = normal(T, E);
    NDArray weight = normal(E);
    NDArray bias = normal(E);
    NDArray layer = kernels.run(scope, "layer_norm", x, weight, bias, 1e-5);
    NDArray rms = kernels.run(scope, "rms_norm", x, weight, 1e-5);
    assertThat(normed(x, weight, bias).contentEquals(layer)).isTrue();
    assertThat(normed(x, weight).contentEquals(rms)).isTrue();
    assertThat(normed(x).contentEquals(x)).isTrue();
  }

  private NDArray normed(NDArray x, NDArray... weights) {
    return kernels.run(scope, "normed", x, List.of(weights), NONE, 1e-5);
  }

  /** The parts of a block's result as one array. */
  private NDArray joined(String block, Object... arguments) {
    return kernels.run(scope, "joined", kernels.runForAll(scope, block, arguments));
  }

  @Test
  void measuresAreTheDefinitions() {
    NDArray before = normal(T, E);
    NDArray update = normal(T, E);
    NDArray after = before.add(update);
    NDArray all = measures(before, update, after, 0, 1, 2, 3, 4);
    NDArray inputNorm = norm(before);
    NDArray updateNorm = norm(update);
    NDArray outputNorm = norm(after);
    NDArray cosine = before.mul(after).sum(new int[] {-1}).div(inputNorm.mul(outputNorm));
    close(all.get(0), updateNorm.div(outputNorm));
    close(all.get(1), cosine);
    close(all.get(2), inputNorm);
    close(all.get(3), updateNorm);
    close(all.get(4), outputNorm);
    NDArray two = measures(before, update, after, 4, 0);
    close(two.get(0), outputNorm);
    close(two.get(1), updateNorm.div(outputNorm));
  }

  /** Also of more rows than a slice, and of slices that are not all full. */
  @ParameterizedTest
  @ValueSource(ints = {T, 4096, 5000})
  void additionsAreMeasuredAsTheyAreDone(int rows) {
    NDArray before = normal(rows, E);
    NDArray update = normal(rows, E);
    NDArray origin = normal(rows, E);
    NDArray norms = scope.manager().create(new Shape(3, rows));
    NDArray after =
        kernels.run(scope, "add_with_norms", before, List.of(update), List.of(origin), norms);
    close(after, before.add(update));
    close(norms.get(0), norm(update));
    close(norms.get(1), norm(after));
    close(norms.get(2), norm(after.sub(origin)));
    close(kernels.run(scope, "norms", update), norm(update));
    close(kernels.run(scope, "difference_norms", after, origin), norm(after.sub(origin)));
    close(kernels.run(scope, "dots", after, origin), after.mul(origin).sum(new int[] {-1}));
  }

  /** Parts of a single row, of several slices, and of one slice that is longer than those. */
  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"FLOAT32", "BFLOAT16"})
  void anUpdateInPartsIsAddedAsAWholeOne(ElementType type) {
    NDArray before = normal(type, 401, 768);
    NDArray update = normal(type, 401, 768);
    NDArray ofParts = scope.manager().create(new Shape(3, 401));
    NDArray ofWhole = scope.manager().create(new Shape(3, 401));
    List<NDArray> parts =
        Stream.of("0:1", "1:281", "281:401").map(rows -> update.get(new NDIndex(rows))).toList();
    NDArray sum = kernels.run(scope, "add_with_norms", before, parts, List.of(before), ofParts);
    NDArray whole =
        kernels.run(scope, "add_with_norms", before, List.of(update), List.of(before), ofWhole);
    assertThat(wide(sum).contentEquals(wide(whole))).isTrue();
    assertThat(ofParts.contentEquals(ofWhole)).isTrue();
  }

  /** One column a layer, in the order of the additions. */
  @Test
  void measuresOfLayersLieSideBySide() {
    List<NDArray> updates = List.of(norm(normal(T, E)), norm(normal(T, E)), norm(normal(T, E)));
    List<NDArray> sums = List.of(norm(normal(T, E)), norm(normal(T, E)), norm(normal(T, E)));
    long[] ratioAndNorm = {0, 4};
    NDArray all =
        kernels.run(
            scope, "measures", List.of(), updates, sums, List.of(), ratioAndNorm); // (2, T, 3)
    assertThat(all.getShape()).isEqualTo(new Shape(2, T, 3));
    for (int layer = 0; layer < 3; layer++) {
      NDArray ratio = updates.get(layer).div(sums.get(layer));
      close(all.get(new NDIndex("0, :, {}", layer)), ratio);
      close(all.get(new NDIndex("1, :, {}", layer)), sums.get(layer));
    }
  }

  /** What the network relies on where it holds the weights of norms in float32. */
  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"FLOAT16", "BFLOAT16"})
  void layerNormOfSixteenBitsIsTheSameByWeightsInFloat32(ElementType type) {
    NDArray x = normal(type, 300, 768);
    NDArray weight = normal(type, 768);
    NDArray bias = normal(type, 768);
    NDArray expected = kernels.run(scope, "layer_norm", x, weight, bias, 1e-5);
    NDArray actual = kernels.run(scope, "layer_norm", x, wide(weight), wide(bias), 1e-5);
    assertThat(wide(actual).contentEquals(wide(expected))).isTrue();
  }

  /** Of bfloat16 the sum is rounded, and norms are those of what is stored. */
  @Test
  void normsOfSixteenBitsAreOfFloat32() {
    int bfloat16 = ElementType.BFLOAT16.torchCode();
    NDArray before = kernels.run(scope, "cast", normal(300, 768), bfloat16);
    NDArray update = kernels.run(scope, "cast", normal(300, 768).mul(0.01f), bfloat16);
    NDArray norms = scope.manager().create(new Shape(3, 300));
    NDArray after =
        kernels.run(scope, "add_with_norms", before, List.of(update), List.of(before), norms);
    NDArray stored = wide(after);
    close(norms.get(0), norm(wide(update)));
    close(norms.get(1), norm(stored));
    close(norms.get(2), norm(stored.sub(wide(before))));
  }

  private NDArray wide(NDArray x) {
    return kernels.run(scope, "cast", x, ElementType.FLOAT32.torchCode());
  }

  /**
   * Whether by torch's kernel or in chunks. Scores have a deviation of 9 where that of the numbers
   * is 3, and bfloat16 has steps of a sixteenth and more there: rounded to it they would fail this.
   */
  @ParameterizedTest
  @CsvSource({"1, 0, 0, 0.02", "3, 0, 0, 0.12", "3, 30, 0, 0.12", "3, 0, 30, 0.12"})
  void attentionInBfloat16IsThatOfFloat32ButForRounding(
      float deviation, int window, double cap, float tolerance) {
    int bfloat16 = ElementType.BFLOAT16.torchCode();
    NDArray q = kernels.run(scope, "cast", normal(200, 4, 16).mul(deviation), bfloat16);
    NDArray k = kernels.run(scope, "cast", normal(200, 2, 16).mul(deviation), bfloat16);
    NDArray v = kernels.run(scope, "cast", normal(200, 2, 16).mul(deviation), bfloat16);
    Object[] how = {new long[] {2, 100}, 0.25, true, window, cap};
    NDArray mixed = wide(attention(q, k, v, how));
    NDArray exact = attention(wide(q), wide(k), wide(v), how);
    assertThat(mixed.sub(exact).abs().max().getFloat()).isPositive().isLessThan(tolerance);
  }

  private NDArray attention(NDArray q, NDArray k, NDArray v, Object... how) {
    return kernels.run(
        scope, "attention_of_sequences", q, k, v, how[0], how[1], how[2], how[3], how[4]);
  }

  private NDArray measures(NDArray before, NDArray update, NDArray after, long... wanted) {
    NDArray all =
        kernels.run(
            scope,
            "measures",
            List.of(kernels.run(scope, "norms", before)),
            List.of(kernels.run(scope, "norms", update)),
            List.of(kernels.run(scope, "norms", after)),
            List.of(kernels.run(scope, "dots", before, after)),
            wanted); // (M, N, 1)
    return all.squeeze(2);
  }

  private static NDArray norm(NDArray x) {
    return x.square().sum(new int[] {-1}).sqrt();
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "4, 0", "100, 0", "4, 3.5"})
  void surprisalIsMinusLogSoftmaxWhateverTheChunk(int rows, double cap) {
    NDArray hidden = normal(9, E);
    NDArray head = normal(13, E);
    NDArray targets = scope.manager().create(new long[] {0, 1, 2, 3, 4, 5, 6, 7, 12});
    NDArray surprisal = kernels.run(scope, "surprisal", hidden, head, targets, cap, rows);
    NDArray logits = hidden.matMul(head.transpose());
    NDArray logProbabilities = (cap == 0 ? logits : logits.div(cap).tanh().mul(cap)).logSoftmax(-1);
    float[] expected = new float[9];
    for (int i = 0; i < 9; i++) {
      expected[i] = -logProbabilities.getFloat(i, targets.getLong(i));
    }
    assertThat(surprisal.toFloatArray()).containsExactly(expected, within(1e-5f));
  }

  @Test
  void embeddingsAreScaledRowsOfTheTable() {
    NDArray table = normal(5, E);
    NDArray ids = scope.manager().create(new long[] {3, 0, 3});
    NDArray rows = table.get(new NDIndex("3")).stack(table.get(new NDIndex("0")));
    NDArray expected = rows.concat(table.get(new NDIndex("3:4")), 0);
    close(kernels.run(scope, "embedding", table, ids, 1.0), expected);
    close(kernels.run(scope, "embedding", table, ids, 6.5), expected.mul(6.5f));
  }

  @Test
  void weightsAreLaidOutForTheirProducts() {
    NDArray weight = scope.manager().arange(12f).reshape(12, 1); // 2 heads x (q, k, v) x 2
    close(
        kernels.run(scope, "queries_first", weight, 2),
        scope.manager().create(new float[] {0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11}).reshape(12, 1));
    close(
        kernels.run(scope, "queries_first", weight.reshape(12), 2).reshape(12, 1),
        kernels.run(scope, "queries_first", weight, 2));
    NDArray wide = normal(3, 5);
    close(kernels.run(scope, "transposed", wide), wide.transpose());
    close(kernels.run(scope, "joined", List.of(wide, wide)), wide.concat(wide, 0));
  }

  @Test
  void decodeReadsEveryStoredType() {
    float[] values = {1f, -2.5f, 0f, 1024f, 0.00390625f, -0.5f}; // exact in all three types
    for (ElementType stored : ElementType.values()) {
      ByteBuffer bytes =
          ByteBuffer.allocateDirect(values.length * stored.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      for (float value : values) {
        switch (stored) {
          case FLOAT32 -> bytes.putFloat(value);
          case FLOAT16 -> bytes.putShort(half(value));
          case BFLOAT16 -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        }
      }
      NDArray array =
          kernels.decode(
              scope,
              bytes.flip().asReadOnlyBuffer(),
              stored,
              new long[] {2, 3},
              ElementType.FLOAT32);
      assertThat(array.getShape()).isEqualTo(new Shape(2, 3));
      assertThat(array.toFloatArray()).as(stored.toString()).containsExactly(values);
    }
  }

  private static short half(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (value == 0) {
      return 0;
    }
    int exponent = ((bits >> 23) & 0xff) - 127 + 15;
    return (short) (((bits >> 16) & 0x8000) | (exponent << 10) | ((bits >> 13) & 0x3ff));
  }

  @Test
  void resultsBelongToTheScope() {
    NDArray outside;
    try (Scope child = scope.child()) {
      NDArray x = child.manager().ones(new Shape(1, 2, 3));
      outside = child.release(kernels.run(child, "activate", x, "relu"));
    }
    assertThat(outside.toFloatArray()).containsOnly(1f);
    assertThat(outside.getManager()).isSameAs(scope.manager());
  }

  private NDArray normal(ElementType type, long... shape) {
    return kernels.run(scope, "cast", normal(shape), type.torchCode());
  }

  private NDArray normal(long... shape) {
    return scope.manager().randomNormal(new Shape(shape));
  }

  private static void close(NDArray actual, NDArray expected) {
    assertThat(actual.getShape()).isEqualTo(expected.getShape());
    NDArray gap = actual.sub(expected).abs().max();
    float scale = Math.max(1f, new NDList(expected).get(0).abs().max().getFloat());
    assertThat(gap.getFloat()).isLessThan(2e-6f * scale);
  }
}
