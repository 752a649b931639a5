package io.radialnet.jobs.aggregate;

import io.radialnet.error.UserException;
import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.RunsTable;
import io.radialnet.jobs.table.StatisticsTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/**
 * A pool: rows of {@code layer_sparsity} under a name of their own, merged from those of its
 * members. A run is folded in by merging its states with the stored ones, in one commit that also
 * lists the members; so a fold that is repeated after a failure, or meets another, counts no run
 * twice and loses none. {@code ratio_histogram} and {@code runs} follow from these rows; all other
 * statistics would need the profiles again and are not pooled.
 */
final class Pool {

  private static final int ATTEMPTS = 10;

  private final SparkSession spark;
  private final String tables;
  private final String name;
  private final Bootstrap bootstrap;

  Pool(SparkSession spark, String tables, String name, Bootstrap bootstrap) {
    this.spark = spark;
    this.tables = tables;
    this.name = name;
    this.bootstrap = bootstrap;
  }

  /** What the pool's rows say before anything is folded in. */
  private record Content(
      List<String> members, Set<String> models, Set<String> blocks, Set<String> slices) {}

  /**
   * Checks that runs can be folded in.
   *
   * @throws UserException when they are of several models, or of another model, other blocks or
   *     other slices than the pool
   */
  void requireFits(List<RunFacts> runs) {
    RunFacts first = runs.get(0);
    for (RunFacts run : runs) {
      if (!run.modelFingerprint().equals(first.modelFingerprint())) {
        throw doesNotFit("the profiles are of several models");
      }
    }
    Optional<RunFacts> earlier = facts();
    if (earlier.isPresent() && !earlier.get().modelFingerprint().equals(first.modelFingerprint())) {
      throw doesNotFit("it is of another model, " + earlier.get().run().model());
    }
    Content content = content(LayerSparsityTable.TABLE.read(spark, tables));
    if (content.members().isEmpty()) {
      return;
    }
    if (!content.models().equals(Set.of(modelKey(first.run())))) {
      throw doesNotFit("it is of another model");
    }
    if (!content.blocks().equals(new TreeSet<>(first.run().blocks()))) {
      throw doesNotFit("it has blocks " + String.join(", ", content.blocks()));
    }
    requireSameSlices(content.slices(), first.sliceBy());
  }

  private void requireSameSlices(Set<String> slices, List<String> sliceBy) {
    List<String> ofColumns = new ArrayList<>(slices);
    ofColumns.removeAll(
        List.of(
            LayerSparsityTable.ALL_TOKENS,
            LayerSparsityTable.SPECIAL_TOKENS,
            LayerSparsityTable.FIRST_TOKENS));
    for (String column : sliceBy) {
      if (!ofColumns.removeIf(slice -> isOf(slice, column))) {
        throw doesNotFit("it is not sliced by " + column);
      }
    }
    if (!ofColumns.isEmpty()) {
      throw doesNotFit("it has the slice " + ofColumns.get(0) + ", and --slice-by no such column");
    }
  }

  private static boolean isOf(String slice, String column) {
    return slice.startsWith(column + "=") || slice.equals(column + " is null");
  }

  private UserException doesNotFit(String reason) {
    return UserException.of(
        "Cannot fold into pool " + name, reason, "Choose another --pool, or the same options");
  }

  private static String modelKey(Run run) {
    return run.model() + " " + run.parameters() + " " + run.layers();
  }

  /** The pool's row in {@code runs}, if it is there. */
  private Optional<RunFacts> facts() {
    return RunsTable.TABLE
        .read(spark, tables)
        .where(StatisticsTable.where(List.of(name)))
        .collectAsList()
        .stream()
        .map(RunFacts::of)
        .findFirst();
  }

  private Content content(Dataset<Row> layerSparsity) {
    Content content =
        new Content(new ArrayList<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    for (Row row :
        layerSparsity
            .where(StatisticsTable.where(List.of(name)))
            .where("document_groups is not null")
            .select("members", "model", "parameters", "layers", "block", "slice")
            .distinct()
            .collectAsList()) {
      if (content.members().isEmpty()) {
        content.members().addAll(row.getList(0));
      }
      content.models().add(row.getString(1) + " " + row.getLong(2) + " " + row.getInt(3));
      content.blocks().add(row.getString(4));
      content.slices().add(row.getString(5));
    }
    return content;
  }

  /**
   * Folds runs in that are not in yet.
   *
   * @param states of these runs
   */
  void fold(List<Run> runs, JavaPairRDD<SliceOfRun, CellState> states) {
    String writer = "radial/pool/" + name;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      StatisticsTable.Snapshot before = LayerSparsityTable.TABLE.snapshot(spark, tables, writer);
      Set<String> members = new LinkedHashSet<>(content(before.rows()).members());
      Set<String> added = new LinkedHashSet<>();
      runs.stream().map(Run::id).filter(members::add).forEach(added::add);
      if (added.isEmpty()) {
        return;
      }
      Run pool = runs.get(0).as(name, List.copyOf(members));
      Dataset<Row> rows =
          spark.createDataFrame(
              merged(pool, before.rows(), added, states), LayerSparsityTable.TABLE.schema());
      LayerSparsityTable.TABLE.replaceOnce(
          spark, tables, List.of(name), rows, writer, before.generation() + 1);
      // Unless another fold was faster, which the next look will tell.
    }
    throw UserException.of(
        "Cannot fold into pool " + name,
        "other folds were faster " + ATTEMPTS + " times",
        "Run again when they are done");
  }

  private JavaRDD<Row> merged(
      Run pool, Dataset<Row> before, Set<String> added, JavaPairRDD<SliceOfRun, CellState> states) {
    Set<String> ids = Set.copyOf(added);
    String id = name;
    JavaPairRDD<SliceOfRun, CellState> fresh =
        states
            .filter(state -> ids.contains(state._1().runId()))
            .mapToPair(state -> new Tuple2<>(new SliceOfRun(id, state._1().slice()), state._2()));
    JavaPairRDD<SliceOfRun, CellState> stored =
        SliceStates.of(before.where(StatisticsTable.where(List.of(name))));
    return LayerSparsityRows.of(
        SliceStates.bySlice(stored.union(fresh)), Map.of(name, pool), bootstrap);
  }

  /** What {@code runs} will say of the pool, from its rows and its members' rows there. */
  RunFacts facts(RunFacts member, List<RunFacts> known, Instant now) {
    List<String> members = new ArrayList<>();
    long documents = 0;
    long tokens = 0;
    long windows = 0;
    for (Row row :
        LayerSparsityTable.TABLE
            .read(spark, tables)
            .where(StatisticsTable.where(List.of(name)))
            .where(functions.col("layer").equalTo(0))
            .where(functions.col("block").equalTo(member.run().blocks().get(0)))
            .select("slice", "tokens", "documents", "members")
            .collectAsList()) {
      if (members.isEmpty()) {
        members.addAll(row.getList(3));
      }
      switch (row.getString(0)) {
        case LayerSparsityTable.ALL_TOKENS, LayerSparsityTable.SPECIAL_TOKENS ->
            tokens += row.getLong(1);
        case LayerSparsityTable.FIRST_TOKENS -> { // every window and document has one
          windows = row.getLong(1);
          documents = row.getLong(2);
        }
        default -> {}
      }
    }
    long errors =
        known.stream()
            .filter(run -> members.contains(run.run().id()))
            .mapToLong(RunFacts::errors)
            .sum();
    return new RunFacts(
        member.run().as(name, members),
        member.hiddenSize(),
        member.modelFingerprint(),
        Optional.empty(),
        member.sliceBy(),
        documents,
        tokens,
        windows,
        errors,
        true,
        now);
  }

  /** The states of the pool as they are stored. */
  JavaPairRDD<SliceOfRun, Map<Pooling.Cell, RatioState>> states() {
    return SliceStates.bySlice(
        SliceStates.of(
            LayerSparsityTable.TABLE
                .read(spark, tables)
                .where(StatisticsTable.where(List.of(name)))));
  }
}
