package io.radialnet.router;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.radialnet.router.RouterWeights.Around;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import java.util.List;
import java.util.OptionalInt;

/**
 * One router in native memory: from the features of N tokens to the probability that each can skip
 * the block, computed in float64 as MLlib does. Lives as long as its {@link Routers}; thread-safe.
 */
public final class RouterModel {

  /** From this probability on a constant router skips: it has no thresholds. */
  private static final double CONSTANT_THRESHOLD = 0.5;

  private final RouterWeights weights;
  private final List<Double> shares;
  private final Kernels kernels;
  private final Scope owner;
  private final String program;
  private final Object[] parameters;
  private final List<NDArray> calibration;

  RouterModel(RouterWeights weights, List<Double> shares, Kernels kernels, Scope owner) {
    this.weights = weights;
    this.shares = shares;
    this.kernels = kernels;
    this.owner = owner;
    if (weights instanceof RouterWeights.Perceptron mlp) {
      int hidden = mlp.hiddenBiases().length;
      program = "router_mlp";
      parameters =
          new Object[] {
            array(mlp.around().mean()),
            array(mlp.around().scale()),
            array(mlp.hiddenWeights(), hidden, mlp.around().features()), // (H, I)
            array(mlp.hiddenBiases()), // (H)
            array(mlp.outputWeights(), 2, hidden), // (2, H)
            array(mlp.outputBiases()) // (2)
          };
      calibration = calibration(mlp.around());
    } else if (weights instanceof RouterWeights.Logistic logistic) {
      program = "router_logistic";
      parameters =
          new Object[] {
            array(logistic.around().mean()),
            array(logistic.around().scale()),
            array(logistic.coefficients(), 1, logistic.around().features()), // (1, I)
            array(new double[] {logistic.intercept()}) // (1)
          };
      calibration = calibration(logistic.around());
    } else {
      program = "";
      parameters = new Object[0];
      calibration = List.of();
    }
  }

  private NDArray array(double[] values, long... shape) {
    Shape dimensions = new Shape(shape.length == 0 ? new long[] {values.length} : shape);
    return owner.manager().create(values, dimensions);
  }

  private List<NDArray> calibration(Around around) {
    return List.of(array(around.knots()), array(around.calibrated()));
  }

  /** How many features a token has; empty for a constant router, which takes any. */
  public OptionalInt features() {
    return around() == null ? OptionalInt.empty() : OptionalInt.of(around().features());
  }

  /** Whether it says the same of every token. */
  public boolean isConstant() {
    return weights instanceof RouterWeights.Constant;
  }

  private Around around() {
    if (weights instanceof RouterWeights.Perceptron mlp) {
      return mlp.around();
    }
    return weights instanceof RouterWeights.Logistic logistic ? logistic.around() : null;
  }

  /**
   * The calibrated probability that each token can skip the block.
   *
   * @param scope where the result is created
   * @param features (N, I) float32 or float64
   * @return (N) float64; NaN where a feature is
   * @throws IllegalArgumentException if these are other features
   */
  public NDArray probabilities(Scope scope, NDArray features) {
    long rows = features.getShape().get(0);
    if (weights instanceof RouterWeights.Constant constant) {
      return scope
          .manager()
          .full(new Shape(rows), 1f, DataType.FLOAT64)
          .mul(constant.probability());
    }
    if (features.getShape().dimension() != 2 || features.getShape().get(1) != around().features()) {
      throw new IllegalArgumentException(
          "features are of shape "
              + features.getShape()
              + ", expected (N, "
              + around().features()
              + ")");
    }
    try (Scope local = scope.child()) {
      Object[] arguments = new Object[parameters.length + 1];
      arguments[0] = features;
      System.arraycopy(parameters, 0, arguments, 1, parameters.length);
      NDArray score = kernels.run(local, program, arguments); // (N)
      NDArray probability =
          kernels.run(local, "interpolate", score, calibration.get(0), calibration.get(1)); // (N)
      return local.release(probability);
    }
  }

  /**
   * As {@link #probabilities(Scope, NDArray)} for features on the Java side.
   *
   * @param features N tokens of I numbers each
   */
  public double[] probabilities(double[][] features) {
    if (features.length == 0) {
      return new double[0];
    }
    try (Scope scope = Scope.open(kernels.device())) {
      int width = features[0].length;
      double[] flat = new double[features.length * width];
      for (int row = 0; row < features.length; row++) {
        System.arraycopy(features[row], 0, flat, row * width, width);
      }
      NDArray array = scope.manager().create(flat, new Shape(features.length, width)); // (N, I)
      return probabilities(scope, array).toDoubleArray();
    }
  }

  /**
   * From which probability on a token skips the block, so that about this share of tokens does.
   *
   * @param share one of those that the file was made for
   * @throws IllegalArgumentException if it is none of them
   */
  public double threshold(double share) {
    int index = shares.indexOf(share);
    if (index < 0) {
      throw new IllegalArgumentException("no threshold for share " + share + ", only " + shares);
    }
    return isConstant() ? CONSTANT_THRESHOLD : around().thresholds()[index];
  }
}
