package io.radialnet.jobs.aggregate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.QRDecomposition;

/**
 * What the ratios of a block vary with. The ratio of token t in layer l is taken as
 *
 * <pre>y_tl = mean + layer_l + type_v(t) + position_p(t) + document_d(t) + rest_tl</pre>
 *
 * with independent effects, whose variances are estimated without bias however uneven the counts
 * are: layers by a two-way analysis of variance, the other factors by Henderson's method I
 * (Henderson, "Estimation of variance and covariance components", Biometrics 9, 1953) on tokens'
 * means over layers. That equates the sum T_A = sum over levels i of (sum of values)² / n_i of each
 * factor A with its expectation, which holds the variance of another factor B with the coefficient
 * sum over i of (sum over j of n_ij²) / n_i. An estimate may be negative where there is no effect.
 */
final class VarianceComponents {

  /** The factors of tokens, in the order of the equations. */
  private enum Factor {
    TOKEN,
    POSITION,
    DOCUMENT
  }

  private static final double SINGULAR = 1e-9;

  private final LayerMoments layers;
  private final VarianceSums sums;
  private final Collection<TypeLevel> types;
  private final int block;

  private VarianceComponents(
      int block, LayerMoments layers, VarianceSums sums, Collection<TypeLevel> types) {
    this.block = block;
    this.layers = layers;
    this.sums = sums;
    this.types = types;
  }

  /**
   * Estimates the variances.
   *
   * @param types the levels of the factor token type; fewer than two leave it out
   * @return by component (layer, token, position, document, rest), NaN where it cannot be told
   */
  static Map<String, Double> estimate(
      int block, LayerMoments layers, VarianceSums sums, Collection<TypeLevel> types) {
    return new VarianceComponents(block, layers, sums, types).estimate();
  }

  private Map<String, Double> estimate() {
    Map<Factor, Double> ofFactors = factors();
    double rest = withinLayers();
    for (Map.Entry<Factor, Double> factor : ofFactors.entrySet()) {
      rest -= factor.getValue() * spread(factor.getKey());
    }
    Map<String, Double> components = new LinkedHashMap<>();
    components.put("layer", layer());
    components.put("token", ofFactors.getOrDefault(Factor.TOKEN, Double.NaN));
    components.put("position", ofFactors.getOrDefault(Factor.POSITION, Double.NaN));
    components.put("document", ofFactors.getOrDefault(Factor.DOCUMENT, Double.NaN));
    components.put("rest", rest);
    return components;
  }

  /** (mean square of layers - mean square of tokens by layers) / tokens. */
  private double layer() {
    double n = layers.tokens();
    double l = layers.layers();
    if (n < 2 || l < 2) {
      return Double.NaN;
    }
    double mean = layers.sum() / (n * l);
    double ofLayers = 0;
    double total = 0;
    for (int layer = 0; layer < layers.layers(); layer++) {
      double difference = layers.mean(layer) - mean;
      ofLayers += n * difference * difference;
      total += layers.deviations(layer, layer);
    }
    double ofTokens = layers.sumOfSquaredLayerSums() / l - n * l * mean * mean;
    double meanSquareOfLayers = ofLayers / (l - 1);
    double meanSquareOfRest = (total - ofTokens) / ((n - 1) * (l - 1));
    return (meanSquareOfLayers - meanSquareOfRest) / n;
  }

  /** Mean over layers of the variance between tokens (n - 1). */
  private double withinLayers() {
    double sum = 0;
    for (int layer = 0; layer < layers.layers(); layer++) {
      sum += layers.deviations(layer, layer);
    }
    return sum / (layers.layers() * (layers.tokens() - 1.0));
  }

  /** How much of a factor's variance is in the variance between tokens: 1 if all are of others. */
  private double spread(Factor factor) {
    double n = sums.tokens;
    return (n - squaredCounts(factor) / n) / (n - 1);
  }

  /** The variances of the factors that can be told apart. */
  private Map<Factor, Double> factors() {
    List<Factor> present = new ArrayList<>();
    for (Factor factor : Factor.values()) {
      if (levels(factor) > 1) {
        present.add(factor);
      }
    }
    Map<Factor, Double> variances = new EnumMap<>(Factor.class);
    double[] solution = solve(present);
    for (int i = 0; i < present.size() && solution.length > 0; i++) {
      variances.put(present.get(i), solution[i]);
    }
    return variances;
  }

  /**
   * Solves for the variances of some factors and of the rest, each equation less that of the mean.
   *
   * @return in the order of the factors; empty if they cannot be told apart
   */
  private double[] solve(List<Factor> factors) {
    int unknowns = factors.size() + 1;
    double n = sums.tokens;
    if (n < unknowns + 1) {
      return new double[0];
    }
    double[][] coefficients = new double[unknowns][unknowns];
    double[] values = new double[unknowns];
    double ofMean = sums.sums[block] * sums.sums[block] / n;
    for (int row = 0; row < unknowns; row++) {
      boolean total = row == factors.size();
      for (int i = 0; i < factors.size(); i++) {
        Factor factor = factors.get(i);
        double inSum = total ? n : within(factors.get(row), factor);
        coefficients[row][i] = inSum - squaredCounts(factor) / n;
      }
      coefficients[row][factors.size()] = total ? n - 1 : levels(factors.get(row)) - 1;
      double sum = total ? sumOfSquares() : sumOfSquares(factors.get(row));
      values[row] = sum - ofMean;
      scale(coefficients[row], values, row);
    }
    QRDecomposition decomposition =
        new QRDecomposition(new Array2DRowRealMatrix(coefficients), SINGULAR);
    if (!decomposition.getSolver().isNonSingular()) {
      return new double[0];
    }
    return decomposition.getSolver().solve(new ArrayRealVector(values)).toArray();
  }

  /** Makes an equation's largest coefficient 1, so that one bound tells a singular system. */
  private static void scale(double[] row, double[] values, int index) {
    double largest = 0;
    for (double coefficient : row) {
      largest = Math.max(largest, Math.abs(coefficient));
    }
    for (int i = 0; i < row.length; i++) {
      row[i] /= largest;
    }
    values[index] /= largest;
  }

  private long levels(Factor factor) {
    return switch (factor) {
      case TOKEN -> types.size();
      case POSITION -> Arrays.stream(sums.atPosition).filter(n -> n > 0).count();
      case DOCUMENT -> sums.documents;
    };
  }

  /** Sum over levels of the square of their tokens. */
  private double squaredCounts(Factor factor) {
    return switch (factor) {
      case TOKEN -> types.stream().mapToDouble(type -> (double) type.tokens * type.tokens).sum();
      case POSITION -> Arrays.stream(sums.atPosition).mapToDouble(n -> (double) n * n).sum();
      case DOCUMENT -> sums.squaredInDocuments;
    };
  }

  /** Sum over levels i of {@code of} of (sum over levels j of {@code other} of n_ij²) / n_i. */
  private double within(Factor of, Factor other) {
    if (of == other) {
      return sums.tokens;
    }
    return switch (of) {
      case TOKEN -> withinTypes(other);
      case POSITION -> withinPositions(other);
      case DOCUMENT -> other == Factor.TOKEN ? sums.typesInDocuments : sums.positionsInDocuments;
    };
  }

  private double withinTypes(Factor other) {
    double sum = 0;
    for (TypeLevel type : types) {
      double squared = type.squaredInDocuments;
      if (other == Factor.POSITION) {
        squared = Arrays.stream(type.atPosition).mapToDouble(n -> (double) n * n).sum();
      }
      sum += squared / type.tokens;
    }
    return sum;
  }

  private double withinPositions(Factor other) {
    double sum = 0;
    for (int bin = 0; bin < PositionBins.COUNT; bin++) {
      if (sums.atPosition[bin] > 0) {
        double squared = sums.squaredAtPosition[bin];
        if (other == Factor.TOKEN) {
          squared = 0;
          for (TypeLevel type : types) {
            squared += (double) type.atPosition[bin] * type.atPosition[bin];
          }
        }
        sum += squared / sums.atPosition[bin];
      }
    }
    return sum;
  }

  /** Sum over tokens of the square of their value. */
  private double sumOfSquares() {
    return layers.sumOfSquaredLayerSums() / ((double) layers.layers() * layers.layers());
  }

  /** Sum over levels of (sum of values)² / tokens. */
  private double sumOfSquares(Factor factor) {
    return switch (factor) {
      case TOKEN ->
          types.stream()
              .mapToDouble(type -> type.sums[block] * type.sums[block] / type.tokens)
              .sum();
      case POSITION -> {
        double sum = 0;
        for (int bin = 0; bin < PositionBins.COUNT; bin++) {
          double ofBin = sums.sumsAtPosition[block][bin];
          sum += sums.atPosition[bin] == 0 ? 0 : ofBin * ofBin / sums.atPosition[bin];
        }
        yield sum;
      }
      case DOCUMENT -> sums.ofDocuments[block];
    };
  }
}
