package io.radialnet.jobs.aggregate;

/**
 * Sums over tokens of the ratios x of a block's L layers and of their products: correlations of
 * layers, and a two-way analysis of variance of tokens and layers. Over tokens that are not special
 * and all of whose ratios are usable.
 */
final class LayerMoments implements State {

  private static final long serialVersionUID = 1L;

  private final int layers;
  private long tokens;
  private final double[] sums; // (L)
  private final double[] products; // (L, L), the lower half

  LayerMoments(int layers) {
    this.layers = layers;
    this.sums = new double[layers];
    this.products = new double[layers * layers];
  }

  /** Adds four tokens, each (L): their products are loaded and stored once. */
  void add(double[] t, double[] u, double[] v, double[] w) {
    tokens += 4;
    for (int a = 0; a < layers; a++) {
      sums[a] += t[a] + u[a] + v[a] + w[a];
      addProducts(t, u, v, w, a);
    }
  }

  /** Adds a token. */
  void add(double[] t) {
    tokens++;
    add(sums, t);
    for (int a = 0; a < layers; a++) {
      int row = a * layers;
      for (int b = 0; b <= a; b++) {
        products[row + b] += t[a] * t[b];
      }
    }
  }

  /** A loop of its own over doubles alone, which the JVM makes one of vector instructions. */
  private void addProducts(double[] t, double[] u, double[] v, double[] w, int a) {
    int row = a * layers;
    double ofT = t[a];
    double ofU = u[a];
    double ofV = v[a];
    double ofW = w[a];
    for (int b = 0; b <= a; b++) {
      products[row + b] += ofT * t[b] + ofU * u[b] + ofV * v[b] + ofW * w[b];
    }
  }

  @Override
  public LayerMoments merge(State other) {
    LayerMoments that = (LayerMoments) other;
    tokens += that.tokens;
    add(sums, that.sums);
    add(products, that.products);
    return this;
  }

  private static void add(double[] sum, double[] terms) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += terms[i];
    }
  }

  int layers() {
    return layers;
  }

  long tokens() {
    return tokens;
  }

  double mean(int layer) {
    return sums[layer] / tokens;
  }

  /** Sum over tokens of (x_a - mean_a) (x_b - mean_b). */
  double deviations(int a, int b) {
    double product = a >= b ? products[a * layers + b] : products[b * layers + a];
    return product - sums[a] / tokens * sums[b];
  }

  /** Correlation of two layers; NaN where one of them does not vary. */
  double pearson(int a, int b) {
    double variances = deviations(a, a) * deviations(b, b);
    if (!varies(a) || !varies(b)) {
      return Double.NaN;
    }
    return a == b ? 1 : Math.max(-1, Math.min(1, deviations(a, b) / Math.sqrt(variances)));
  }

  /** Whether a layer's sum of squared deviations is more than what rounding leaves. */
  private boolean varies(int layer) {
    return tokens > 1 && deviations(layer, layer) > 1e-12 * products[layer * layers + layer];
  }

  /** Sum over tokens of the square of their mean over layers, times L squared. */
  double sumOfSquaredLayerSums() {
    double sum = 0;
    for (int a = 0; a < layers; a++) {
      for (int b = 0; b < a; b++) {
        sum += 2 * products[a * layers + b];
      }
      sum += products[a * layers + a];
    }
    return sum;
  }

  /** Sum over tokens and layers. */
  double sum() {
    double sum = 0;
    for (double layer : sums) {
      sum += layer;
    }
    return sum;
  }
}
