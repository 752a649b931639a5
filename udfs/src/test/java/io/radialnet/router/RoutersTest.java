package io.radialnet.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.radialnet.checkpoint.Safetensors;
import io.radialnet.checkpoint.SafetensorsWriter;
import io.radialnet.checkpoint.SafetensorsWriter.Tensor;
import io.radialnet.error.UserException;
import io.radialnet.router.RouterWeights.Around;
import io.radialnet.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutersTest {

  private static final RoutersMetadata METADATA =
      new RoutersMetadata("model-a", "run", "mlp", "{\"projection\":2}", 0.1, List.of(0.1, 0.5));
  private static final double[] KNOTS = {0.2, 0.4, 0.41, 0.8};
  private static final double[] CALIBRATED = {0.0, 0.3, 0.3, 0.9};

  @TempDir private Path directory;

  @Test
  void namesAreOrderedAsANetworkRuns() {
    assertThat(List.of("10.attn", "2.mlp", "2.attn").stream().map(RouterName::of).sorted())
        .extracting(RouterName::toString)
        .containsExactly("2.attn", "2.mlp", "10.attn");
    assertThatThrownBy(() -> RouterName.of("2.layer")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RouterName.of("attn")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLogisticRouterIsComputedByItsFormula() {
    Around around = around(new double[] {1, -2, 0}, new double[] {2, 0.5, 1});
    double[] w = {0.3, -0.2, 0.05};
    try (Routers routers = loaded(Map.of("0.attn", new RouterWeights.Logistic(around, w, -0.1)))) {
      double[][] x = {{1, -2, 0}, {3, -1.5, 4}, {-9, 2, 1}, {40, 40, -40}, {-40, 3, 4}};
      double[] expected = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        double z = -0.1;
        for (int j = 0; j < w.length; j++) {
          z += w[j] * (x[i][j] - around.mean()[j]) / around.scale()[j];
        }
        expected[i] = calibrated(1 / (1 + Math.exp(-z)));
      }
      assertThat(model(routers, "0.attn").probabilities(x))
          .containsExactly(expected, within(1e-12));
    }
  }

  @Test
  void aPerceptronIsComputedByItsFormula() {
    SplittableRandom random = new SplittableRandom(1);
    int in = 5;
    int hidden = 3;
    Around around = around(numbers(random, in), new double[] {1, 2, 3, 0.1, 0.01});
    RouterWeights.Perceptron mlp =
        new RouterWeights.Perceptron(
            around,
            numbers(random, hidden * in),
            numbers(random, hidden),
            numbers(random, 2 * hidden),
            numbers(random, 2));
    double[][] x = new double[50][];
    double[] expected = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = numbers(random, in);
      double[] out = mlp.outputBiases().clone();
      for (int h = 0; h < hidden; h++) {
        double z = mlp.hiddenBiases()[h];
        for (int j = 0; j < in; j++) {
          z += mlp.hiddenWeights()[h * in + j] * (x[i][j] - around.mean()[j]) / around.scale()[j];
        }
        double activation = 1 / (1 + Math.exp(-z));
        out[0] += mlp.outputWeights()[h] * activation;
        out[1] += mlp.outputWeights()[hidden + h] * activation;
      }
      expected[i] = calibrated(1 / (1 + Math.exp(out[0] - out[1])));
    }
    try (Routers routers = loaded(Map.of("3.mlp", mlp))) {
      assertThat(model(routers, "3.mlp").probabilities(x)).containsExactly(expected, within(1e-12));
    }
  }

  /** What the network passes are float32 arrays of its own scope. */
  @Test
  void featuresMayBeFloat32AndTheResultLivesInTheCallersScope() {
    Around around = around(new double[] {0}, new double[] {1});
    try (Routers routers =
            loaded(Map.of("0.mlp", new RouterWeights.Logistic(around, new double[] {1}, 0)));
        Scope scope = Scope.open(Device.cpu())) {
      NDArray x = scope.manager().create(new float[] {-10, 0.25f, 10}, new Shape(3, 1));
      NDArray probabilities = model(routers, "0.mlp").probabilities(scope, x);
      assertThat(probabilities.toDoubleArray())
          .containsExactly(
              new double[] {0, calibrated(1 / (1 + Math.exp(-0.25))), 0.9}, within(1e-12));
      assertThat(scope.size()).isEqualTo(2);
    }
  }

  @Test
  void aScoreThatIsNotANumberNeverReachesAThreshold() {
    Around around = around(new double[] {0}, new double[] {1});
    try (Routers routers =
        loaded(Map.of("0.mlp", new RouterWeights.Logistic(around, new double[] {1}, 0)))) {
      RouterModel model = model(routers, "0.mlp");
      assertThat(model.probabilities(new double[][] {{Double.NaN}})[0]).isNaN();
    }
  }

  @Test
  void oneKnotIsAConstantCalibration() {
    Around around =
        new Around(
            new double[] {0},
            new double[] {1},
            new double[] {0.5},
            new double[] {0.7},
            new double[] {0.7, 0.7});
    try (Routers routers =
        loaded(Map.of("0.mlp", new RouterWeights.Logistic(around, new double[] {1}, 0)))) {
      assertThat(model(routers, "0.mlp").probabilities(new double[][] {{-3}, {0}, {3}}))
          .containsExactly(0.7, 0.7, 0.7);
    }
  }

  @Test
  void aConstantRouterTakesAnyFeatures() {
    try (Routers routers = loaded(Map.of("0.attn", new RouterWeights.Constant(0.25)))) {
      RouterModel model = model(routers, "0.attn");
      assertThat(model.isConstant()).isTrue();
      assertThat(model.features()).isEmpty();
      assertThat(model.probabilities(new double[][] {{1}, {2}})).containsExactly(0.25, 0.25);
      assertThat(model.threshold(0.5)).isEqualTo(0.5);
    }
  }

  @Test
  void metadataAndThresholdsSurviveTheFile() {
    Around around = around(new double[] {0}, new double[] {1});
    try (Routers routers =
        loaded(Map.of("0.mlp", new RouterWeights.Logistic(around, new double[] {1}, 0)))) {
      assertThat(routers.metadata()).isEqualTo(METADATA);
      assertThat(routers.logFrequencies()).containsExactly(-1, -2.5f);
      assertThat(routers.models().keySet()).containsExactly(RouterName.of("0.mlp"));
      assertThat(routers.of(RouterName.of("1.mlp"))).isEmpty();
      RouterModel model = model(routers, "0.mlp");
      assertThat(model.features()).hasValue(1);
      assertThat(model.threshold(0.1)).isEqualTo(0.9);
      assertThat(model.threshold(0.5)).isEqualTo(0.3);
      assertThatThrownBy(() -> model.threshold(0.2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no threshold for share 0.2, only [0.1, 0.5]");
    }
  }

  @Test
  void otherFeaturesAreRefused() {
    Around around = around(new double[] {0}, new double[] {1});
    try (Routers routers =
        loaded(Map.of("0.mlp", new RouterWeights.Logistic(around, new double[] {1}, 0)))) {
      assertThatThrownBy(() -> model(routers, "0.mlp").probabilities(new double[][] {{1, 2}}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("features are of shape (1, 2), expected (N, 1)");
    }
  }

  @Test
  void anotherModelIsRefused() {
    try (Routers routers = loaded(Map.of("0.attn", new RouterWeights.Constant(0)))) {
      routers.requireModel("model-a");
      assertThatThrownBy(() -> routers.requireModel("model-b"))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "Cannot use these routers with this model: they were fitted for the model of"
                  + " fingerprint model-a, this one's is model-b. Name the model that the examples"
                  + " were made with, or fit routers for this one.");
    }
  }

  @Test
  void aFileOfSomethingElseIsRefused() {
    Path file = directory.resolve("model.safetensors");
    SafetensorsWriter.write(
        file, Map.of("0.attn.w", Tensor.float32(new float[1], 1)), Map.of("format", "pt"));
    assertThatThrownBy(() -> Routers.open(file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("it is no file of routers");
  }

  @Test
  void aMissingTensorIsNamed() {
    Around around = around(new double[] {0}, new double[] {1});
    Path file = directory.resolve("routers.safetensors");
    written(file, Map.of("0.mlp", new RouterWeights.Logistic(around, new double[] {1}, 0)));
    Map<String, String> metadata;
    try (Safetensors read = Safetensors.open(file)) {
      metadata = read.metadata();
    }
    SafetensorsWriter.write(file, Map.of("0.mlp.w", Tensor.float32(new float[1], 1)), metadata);
    assertThatThrownBy(() -> Routers.open(file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("it lacks tensor '0.mlp.mean'");
  }

  private static RouterModel model(Routers routers, String name) {
    return routers.of(RouterName.of(name)).orElseThrow();
  }

  private Routers loaded(Map<String, RouterWeights> weights) {
    Path file = directory.resolve("routers.safetensors");
    written(file, weights);
    return Routers.open(file);
  }

  private static void written(Path file, Map<String, RouterWeights> weights) {
    TreeMap<RouterName, RouterWeights> named = new TreeMap<>();
    weights.forEach((name, router) -> named.put(RouterName.of(name), router));
    new RoutersFile(METADATA, named, new float[] {-1, -2.5f}).write(file);
  }

  private static Around around(double[] mean, double[] scale) {
    return new Around(mean, scale, KNOTS, CALIBRATED, new double[] {0.9, 0.3});
  }

  private static double[] numbers(SplittableRandom random, int count) {
    return random.doubles(count, -1.5, 1.5).toArray();
  }

  /** Linear between knots, constant beyond them. */
  private static double calibrated(double score) {
    if (score <= KNOTS[0]) {
      return CALIBRATED[0];
    }
    for (int i = 1; i < KNOTS.length; i++) {
      if (score <= KNOTS[i]) {
        double along = (score - KNOTS[i - 1]) / (KNOTS[i] - KNOTS[i - 1]);
        return CALIBRATED[i - 1] + along * (CALIBRATED[i] - CALIBRATED[i - 1]);
      }
    }
    return CALIBRATED[KNOTS.length - 1];
  }
}
