package io.radialnet.jobs.report;

import io.radialnet.jobs.table.LayerSparsityTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * A run, or a pool, that the page shows.
 *
 * @param id its run_id
 * @param label what it is called on the page: the model's name, made unique
 * @param model the model's name
 * @param family the model's family
 * @param parameters of the model
 * @param layers L
 * @param blocks measured, of attn, mlp and layer
 * @param documents profiled
 * @param tokens profiled, special ones included
 * @param isPool whether it is a pool
 * @param profile the profile's directory; empty for a pool
 */
record ReportRun(
    String id,
    String label,
    String model,
    String family,
    long parameters,
    int layers,
    List<String> blocks,
    long documents,
    long tokens,
    boolean isPool,
    Optional<String> profile) {

  /** The runs of rows of {@code runs}, in their order. */
  static List<ReportRun> of(Rows rows) {
    List<ReportRun> runs = new ArrayList<>();
    for (Row row : rows.rows()) {
      runs.add(of(row, label(rows, row)));
    }
    return runs;
  }

  private static ReportRun of(Row row, String label) {
    return new ReportRun(
        row.getAs("run_id"),
        label,
        row.getAs("model"),
        row.getAs("family"),
        row.<Long>getAs("parameters"),
        row.<Integer>getAs("layers"),
        List.copyOf(row.getList(row.fieldIndex("blocks"))),
        row.<Long>getAs("documents"),
        row.<Long>getAs("tokens"),
        row.<Boolean>getAs("is_pool"),
        Optional.ofNullable(row.getAs("profile")));
  }

  private static String label(Rows rows, Row row) {
    String model = row.getAs("model");
    String id = row.getAs("run_id");
    if (row.<Boolean>getAs("is_pool")) {
      return "pool " + id;
    }
    return rows.where("model", model).where("is_pool", false).rows().size() == 1
        ? model
        : model + " (" + id.substring(0, Math.min(6, id.length())) + ")";
  }

  /** The block that stands for the model: attn and mlp pooled, or the only one there is. */
  String mainBlock() {
    return pooledBlocks().size() == 2 ? LayerSparsityTable.ALL_BLOCKS : blocks.get(0);
  }

  /** The blocks of which a routed model would run or skip each: attn and mlp, or the only one. */
  List<String> pooledBlocks() {
    List<String> parts = blocks.stream().filter(block -> !block.equals("layer")).toList();
    return parts.isEmpty() ? blocks : parts;
  }

  /** The blocks as tables know them: those measured, and attn and mlp pooled. */
  List<String> tableBlocks() {
    List<String> all = new ArrayList<>(blocks);
    if (!all.contains(mainBlock())) {
      all.add(mainBlock());
    }
    return all;
  }
}
