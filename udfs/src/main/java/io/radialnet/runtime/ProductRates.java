package io.radialnet.runtime;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Float32Products;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How fast this machine's CPU multiplies float32. */
public final class ProductRates {

  private static final int ROWS = 512;
  private static final int WIDTH = 1024;
  private static final int TRIES = 10;

  private ProductRates() {}

  /**
   * The best of some linear maps with the threads that an operator has in this process, by every
   * way that this machine has units for, in GFLOP/s. Starts the engine; takes a tenth of a second.
   */
  public static Map<Float32Products, Double> measure() {
    Map<Float32Products, Double> rates = new EnumMap<>(Float32Products.class);
    for (Float32Products products : Float32Products.ofThisMachine()) {
      rates.put(products, rate(Kernels.on(Device.cpu(), products)));
    }
    return rates;
  }

  private static double rate(Kernels kernels) {
    try (Scope scope = Scope.open(Device.cpu())) {
      NDArray x = scope.manager().randomNormal(new Shape(ROWS, WIDTH));
      NDArray weight = scope.manager().randomNormal(new Shape(WIDTH, WIDTH));
      List<NDArray> map = kernels.pack(scope, List.of(weight), ElementType.FLOAT32, ROWS);
      long best = Long.MAX_VALUE;
      for (int i = 0; i < TRIES; i++) {
        long start = System.nanoTime();
        kernels.run(scope, "linear", x, map.get(0), map.subList(1, map.size()), "none").close();
        best = Math.min(best, System.nanoTime() - start);
      }
      return 2.0 * ROWS * WIDTH * WIDTH / best; // operations a nanosecond
    }
  }
}
