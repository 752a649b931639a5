package io.radialnet.jobs.cli;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.median;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.posexplode;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The one statistic that a first look at a profile shows. */
final class MedianRatios {

  private MedianRatios() {}

  /**
   * The median residual ratio of each layer over all tokens that are not special.
   *
   * @param tokenRatios the table {@code token_ratios}
   * @param blocks the blocks wanted, by their column names
   * @return for each block the medians in layer order
   */
  static Map<String, double[]> of(Dataset<Row> tokenRatios, String... blocks) {
    Dataset<Row> tokens = tokenRatios.where(not(col("is_special")));
    Map<String, double[]> medians = new LinkedHashMap<>();
    for (String block : blocks) {
      List<Row> layers =
          tokens
              .select(posexplode(col(block + "_ratio")).as(new String[] {"layer", "ratio"}))
              .groupBy("layer")
              .agg(median(col("ratio")))
              .orderBy("layer")
              .collectAsList();
      double[] values =
          new double[layers.isEmpty() ? 0 : layers.get(layers.size() - 1).getInt(0) + 1];
      Arrays.fill(values, Double.NaN);
      layers.forEach(layer -> values[layer.getInt(0)] = layer.getDouble(1));
      medians.put(block, values);
    }
    return medians;
  }
}
