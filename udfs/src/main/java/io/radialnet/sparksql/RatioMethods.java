package io.radialnet.sparksql;

import io.radialnet.error.UserException;
import io.radialnet.transformer.Block;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What the functions on ratios compute, in Spark's own representation of values. Public for the
 * code that Spark generates; call {@link RadialFunctions} instead.
 *
 * <p>E is the length of a vector, L the number of layers.
 */
public final class RatioMethods {

  private RatioMethods() {}

  /**
   * |f| / |y| in double precision; 0 / 0 is NaN.
   *
   * @param update f, (E)
   * @param output y, (E)
   * @return null if an element is null
   */
  public static Double ratio(ArrayData update, ArrayData output, Elements elements) {
    requireSameLength("radial_ratio", "update", update, "output", output);
    double updateSquares = 0;
    double outputSquares = 0;
    for (int i = 0; i < update.numElements(); i++) {
      if (update.isNullAt(i) || output.isNullAt(i)) {
        return null;
      }
      double f = elements.at(update, i);
      double y = elements.at(output, i);
      updateSquares += f * f;
      outputSquares += y * y;
    }
    return Math.sqrt(updateSquares) / Math.sqrt(outputSquares);
  }

  /**
   * |f| / |y - f| in double precision, the ratio to the stream before the addition.
   *
   * @param update f, (E)
   * @param output y, (E)
   * @return null if an element is null
   */
  public static Double ratioIn(ArrayData update, ArrayData output, Elements elements) {
    requireSameLength("radial_ratio_in", "update", update, "output", output);
    double updateSquares = 0;
    double inputSquares = 0;
    for (int i = 0; i < update.numElements(); i++) {
      if (update.isNullAt(i) || output.isNullAt(i)) {
        return null;
      }
      double f = elements.at(update, i);
      double x = elements.at(output, i) - f;
      updateSquares += f * f;
      inputSquares += x * x;
    }
    return Math.sqrt(updateSquares) / Math.sqrt(inputSquares);
  }

  /**
   * How many ratios are under the threshold. NaN is not, and under NaN is nothing; null is none.
   *
   * @param ratios (L)
   */
  public static int blocksUnder(ArrayData ratios, double threshold, Elements elements) {
    int under = 0;
    for (int i = 0; i < ratios.numElements(); i++) {
      if (!ratios.isNullAt(i) && elements.at(ratios, i) < threshold) {
        under++;
      }
    }
    return under;
  }

  /**
   * How many ratios are not under the threshold: the blocks that run. Null is none.
   *
   * @param ratios (L)
   */
  public static int dynamicDepth(ArrayData ratios, double threshold, Elements elements) {
    int depth = 0;
    for (int i = 0; i < ratios.numElements(); i++) {
      if (!ratios.isNullAt(i) && !(elements.at(ratios, i) < threshold)) {
        depth++;
      }
    }
    return depth;
  }

  /** The blocks that run of both kinds: attnRatio and mlpRatio are (L). */
  public static int dynamicDepth(
      ArrayData attnRatio, ArrayData mlpRatio, double threshold, Elements elements) {
    requireSameLength("radial_dynamic_depth", "attn_ratio", attnRatio, "mlp_ratio", mlpRatio);
    return dynamicDepth(attnRatio, threshold, elements)
        + dynamicDepth(mlpRatio, threshold, elements);
  }

  /** As with three arrays, for profiles without the layer as a whole. */
  public static ArrayData longForm(ArrayData attnRatio, ArrayData mlpRatio, Elements elements) {
    return longForm(attnRatio, mlpRatio, null, elements);
  }

  /**
   * One (layer int, block string, ratio float) for each layer and block, layers in order, attn
   * before mlp before layer.
   *
   * @param attnRatio (L), or null if it was not profiled; likewise mlpRatio and layerRatio
   */
  public static ArrayData longForm(
      ArrayData attnRatio, ArrayData mlpRatio, ArrayData layerRatio, Elements elements) {
    requireSameLength("radial_long", "attn_ratio", attnRatio, "mlp_ratio", mlpRatio);
    requireSameLength("radial_long", "attn_ratio", attnRatio, "layer_ratio", layerRatio);
    requireSameLength("radial_long", "mlp_ratio", mlpRatio, "layer_ratio", layerRatio);
    List<InternalRow> rows = new ArrayList<>();
    for (int layer = 0; ; layer++) {
      int before = rows.size();
      append(rows, layer, Block.ATTN, attnRatio, elements);
      append(rows, layer, Block.MLP, mlpRatio, elements);
      append(rows, layer, Block.LAYER, layerRatio, elements);
      if (rows.size() == before) {
        return new GenericArrayData(rows.toArray());
      }
    }
  }

  private static void append(
      List<InternalRow> rows, int layer, Block block, ArrayData ratios, Elements elements) {
    if (ratios != null && layer < ratios.numElements()) {
      Float ratio = ratios.isNullAt(layer) ? null : (float) elements.at(ratios, layer);
      rows.add(
          new GenericInternalRow(
              new Object[] {layer, UTF8String.fromString(block.column()), ratio}));
    }
  }

  private static void requireSameLength(
      String function, String firstName, ArrayData first, String secondName, ArrayData second) {
    if (first != null && second != null && first.numElements() != second.numElements()) {
      throw UserException.of(
          "Cannot compute " + function,
          String.format(
              "%s has %d elements and %s has %d",
              firstName, first.numElements(), secondName, second.numElements()),
          "Pass arrays of one length, of one token of one model");
    }
  }
}
