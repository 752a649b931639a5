package io.radialnet.jobs.shard;

import io.radialnet.error.UserException;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Float32Products;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** How a run multiplies float32: one way for all executors, as the driver's settings say. */
public final class RunProducts {

  /** The Hadoop setting that chooses one by its name. */
  public static final String KEY = "radial.float32.products";

  private RunProducts() {}

  /**
   * As asked for, by default by float32; of no effect in another dtype.
   *
   * @throws UserException for a name that is none
   */
  public static Float32Products of(Configuration conf, ElementType dtype) {
    String name = conf.get(KEY, Float32Products.FLOAT32.toString());
    Float32Products products =
        Arrays.stream(Float32Products.values())
            .filter(known -> known.toString().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    UserException.of(
                        "Cannot multiply with " + KEY + " '" + name + "'",
                        "known are " + Arrays.toString(Float32Products.values()),
                        "Correct spark.hadoop." + KEY));
    return dtype == ElementType.FLOAT32 ? products : Float32Products.FLOAT32;
  }

  /** Adds them to what decides a run's values, where they are not the default. */
  public static void putInto(Map<String, String> deciding, Float32Products products) {
    if (products != Float32Products.FLOAT32) {
      deciding.put("float32-products", products.toString());
    }
  }
}
