package io.radialnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.tensor.Float32Products;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProductRatesTest {

  @Test
  void measuresEveryWayThatThisMachineHas() {
    Map<Float32Products, Double> rates = ProductRates.measure();

    assertThat(rates.keySet()).containsExactlyElementsOf(Float32Products.ofThisMachine());
    assertThat(rates.values()).allSatisfy(rate -> assertThat(rate).isPositive());
  }
}
