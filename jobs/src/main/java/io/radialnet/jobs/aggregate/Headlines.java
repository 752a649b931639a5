package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.DriftTable;
import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.StatisticsTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * What the tables say of some runs in few numbers: rows of {@code layer_sparsity} over all layers,
 * and the medians that moved. Stays on the driver; bounded by the slices and layers.
 */
final class Headlines {

  private final List<Pooled> pooled;
  private final List<Moved> moved;

  private Headlines(List<Pooled> pooled, List<Moved> moved) {
    this.pooled = List.copyOf(pooled);
    this.moved = List.copyOf(moved);
  }

  /** A row over all layers. */
  private record Pooled(
      String runId, String slice, String block, long tokens, long unusable, Median median) {}

  /**
   * A median with its interval.
   *
   * @param p50 empty where there is no ratio
   * @param low empty where there is no interval
   * @param high likewise
   */
  record Median(OptionalDouble p50, OptionalDouble low, OptionalDouble high) {
    static final Median UNKNOWN =
        new Median(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
  }

  /** The median of a layer that moved against an earlier run. */
  record Moved(String runId, String earlier, String block, int layer, double difference) {}

  /** The median of a slice. */
  record Slice(String name, long tokens, Median median) {}

  /** Reads the rows of some runs. */
  static Headlines read(SparkSession spark, String tables, Collection<String> runIds) {
    List<Pooled> pooled = new ArrayList<>();
    for (Row row :
        LayerSparsityTable.TABLE
            .read(spark, tables)
            .where(StatisticsTable.where(runIds))
            .where(functions.col("layer").equalTo(LayerSparsityTable.ALL_LAYERS))
            .select("run_id", "slice", "block", "tokens", "unusable", "p50", "p50_low", "p50_high")
            .collectAsList()) {
      Median median = new Median(number(row, 5), number(row, 6), number(row, 7));
      pooled.add(
          new Pooled(
              row.getString(0),
              row.getString(1),
              row.getString(2),
              row.getLong(3),
              row.getLong(4),
              median));
    }
    List<Moved> moved = new ArrayList<>();
    for (Row row :
        DriftTable.TABLE
            .read(spark, tables)
            .where(StatisticsTable.where(runIds))
            .where("moved AND layer >= 0 AND block <> 'all'")
            .select("run_b", "run_a", "block", "layer", "difference")
            .collectAsList()) {
      moved.add(
          new Moved(
              row.getString(0),
              row.getString(1),
              row.getString(2),
              row.getInt(3),
              row.getDouble(4)));
    }
    return new Headlines(pooled, moved);
  }

  private static OptionalDouble number(Row row, int column) {
    return row.isNullAt(column) ? OptionalDouble.empty() : OptionalDouble.of(row.getDouble(column));
  }

  /** How many values of a run are no ratio. */
  long unusable(String runId) {
    return pooled.stream()
        .filter(row -> row.runId().equals(runId))
        .filter(row -> !row.block().equals(LayerSparsityTable.ALL_BLOCKS))
        .filter(
            row ->
                row.slice().equals(LayerSparsityTable.ALL_TOKENS)
                    || row.slice().equals(LayerSparsityTable.SPECIAL_TOKENS))
        .mapToLong(Pooled::unusable)
        .sum();
  }

  /** The median of attn and mlp, or of the only block there is, over all tokens not special. */
  Median median(Run run) {
    return slices(run).stream()
        .filter(slice -> slice.name().equals(LayerSparsityTable.ALL_TOKENS))
        .map(Slice::median)
        .findFirst()
        .orElse(Median.UNKNOWN);
  }

  /** The medians of all slices of that block, in the order of their names. */
  List<Slice> slices(Run run) {
    String block =
        run.blocks().containsAll(List.of("attn", "mlp"))
            ? LayerSparsityTable.ALL_BLOCKS
            : run.blocks().get(0);
    return pooled.stream()
        .filter(row -> row.runId().equals(run.id()) && row.block().equals(block))
        .map(row -> new Slice(row.slice(), row.tokens(), row.median()))
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .toList();
  }

  /** The medians of a run's single layers that moved, the largest difference first. */
  List<Moved> moved(String runId) {
    return moved.stream()
        .filter(one -> one.runId().equals(runId))
        .sorted((a, b) -> Double.compare(Math.abs(b.difference()), Math.abs(a.difference())))
        .toList();
  }
}
