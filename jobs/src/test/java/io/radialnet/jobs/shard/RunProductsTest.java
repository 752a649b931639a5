package io.radialnet.jobs.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Float32Products;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class RunProductsTest {

  private final Configuration conf = new Configuration(false);

  @Test
  void areByFloat32UnlessAskedFor() {
    assertThat(RunProducts.of(conf, ElementType.FLOAT32)).isEqualTo(Float32Products.FLOAT32);
    conf.set(RunProducts.KEY, "int8");
    assertThat(RunProducts.of(conf, ElementType.FLOAT32)).isEqualTo(Float32Products.INT8);
  }

  @Test
  void areThoseOfFloat32Alone() {
    conf.set(RunProducts.KEY, "int8");
    assertThat(RunProducts.of(conf, ElementType.BFLOAT16)).isEqualTo(Float32Products.FLOAT32);
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    conf.set(RunProducts.KEY, "int4");
    assertThatThrownBy(() -> RunProducts.of(conf, ElementType.BFLOAT16))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot multiply with radial.float32.products 'int4': known are [float32, int8]."
                + " Correct spark.hadoop.radial.float32.products.");
  }

  /** Runs that were made before there was a choice keep their identity. */
  @Test
  void decideARunsValuesWhereTheyAreNotTheDefault() {
    Map<String, String> deciding = new TreeMap<>();
    RunProducts.putInto(deciding, Float32Products.FLOAT32);
    assertThat(deciding).isEmpty();
    RunProducts.putInto(deciding, Float32Products.INT8);
    assertThat(deciding).containsExactly(Map.entry("float32-products", "int8"));
  }
}
