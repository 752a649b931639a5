package io.radialnet.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.tables.DeltaTable;
import io.radialnet.error.UserException;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(SparkSessionExtension.class)
class StatisticsTableTest {

  private static final StatisticsTable TABLE =
      StatisticsTable.define("heights", "Heights of trees.")
          .required("tree", DataTypes.StringType, "the tree's name")
          .required("trees", DataTypes.LongType, "how many")
          .optional("height", DataTypes.DoubleType, "in metres")
          .optional("felled", DataTypes.DoubleType, "share that was felled")
          .notNegative("height")
          .share("felled")
          .check("has_trees", "trees > 0")
          .build();

  @TempDir private Path directory;

  static Stream<StatisticsTable> all() {
    return Stream.of(
        DriftTable.TABLE,
        LayerCorrelationTable.TABLE,
        LayerSparsityTable.TABLE,
        ModelTrendTable.TABLE,
        PositionSparsityTable.TABLE,
        RatioHistogramTable.TABLE,
        RatioVarianceTable.TABLE,
        RunsTable.TABLE,
        TokenSparsityTable.TABLE);
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyColumnHasACommentAndTheFirstAreTheRun(StatisticsTable table) {
    assertThat(table.schema().fields())
        .allSatisfy(field -> assertThat(field.getComment().get()).as(field.name()).isNotBlank());
    assertThat(table.schema().fieldNames()).startsWith("run_id", "model");
    assertThat(table.checks()).isNotEmpty();
  }

  @Test
  void tableIsWrittenAsDefined(SparkSession spark) {
    write(spark, "a", row("a", "oak", 3, 4.5, 0.5));

    Dataset<Row> read = spark.read().format("delta").load(path());
    for (StructField field : TABLE.schema().fields()) {
      StructField written = read.schema().apply(field.name());
      assertThat(written.getComment()).isEqualTo(field.getComment());
      assertThat(written.nullable()).as(field.name()).isEqualTo(field.nullable());
    }
    Row detail = DeltaTable.forPath(spark, path()).detail().first();
    assertThat(detail.<Integer>getAs("minReaderVersion")).isEqualTo(1);
    assertThat(detail.<Integer>getAs("minWriterVersion")).isEqualTo(3);
    assertThat(detail.<String>getAs("description"))
        .contains("Heights of trees.", "OPTIMIZE", "VACUUM");
    assertThat(detail.getList(detail.fieldIndex("partitionColumns")).toString())
        .isEqualTo("[run_id]");
    Map<String, String> properties = detail.getJavaMap(detail.fieldIndex("properties"));
    assertThat(properties)
        .containsEntry("delta.enableDeletionVectors", "false")
        .containsKeys(
            "delta.constraints.height_not_negative",
            "delta.constraints.felled_is_a_share",
            "delta.constraints.has_trees");
  }

  @Test
  void wrongRowsAreRefused(SparkSession spark) {
    write(spark, "a", row("a", "oak", 3, null, null));

    refused(spark, row("b", "oak", 0, 1.0, 0.5), "has_trees");
    refused(spark, row("b", "oak", 1, -1.0, 0.5), "height_not_negative");
    refused(spark, row("b", "oak", 1, Double.NaN, 0.5), "height_not_negative");
    refused(spark, row("b", "oak", 1, Double.POSITIVE_INFINITY, 0.5), "height_not_negative");
    refused(spark, row("b", "oak", 1, 1.0, 1.5), "felled_is_a_share");
    refused(spark, row("b", "oak", 1, 1.0, Double.NaN), "felled_is_a_share");
    refused(spark, row("b", null, 1, 1.0, 0.5), "tree");
    assertThat(trees(spark)).containsExactly("a oak 3");
  }

  private void refused(SparkSession spark, Row row, String constraint) {
    // As any other writer would append: nothing but the table itself refuses.
    Dataset<Row> rows = spark.createDataFrame(List.of(row), TABLE.schema().asNullable());
    assertThatThrownBy(() -> rows.write().format("delta").mode("append").save(path()))
        .hasStackTraceContaining(constraint);
  }

  @Test
  void rowThatLacksARequiredColumnIsNotBuilt() {
    assertThatThrownBy(() -> TABLE.row().set("run_id", "a").set("model", "m").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("heights lacks tree");
  }

  @Test
  void rerunReplacesItsOwnRowsOnly(SparkSession spark) {
    write(spark, "a", row("a", "oak", 1, null, null), row("a", "elm", 2, null, null));
    write(spark, "it's \\ odd", row("it's \\ odd", "ash", 3, null, null));
    write(spark, "a", row("a", "fir", 4, null, null));

    assertThat(trees(spark)).containsExactly("a fir 4", "it's \\ odd ash 3");

    TABLE.remove(spark, directory.toString(), List.of("it's \\ odd", "unknown"));
    assertThat(trees(spark)).containsExactly("a fir 4");
  }

  @Test
  void repeatedGenerationWritesNothing(SparkSession spark) {
    once(spark, 1, row("a", "oak", 1, null, null));
    once(spark, 1, row("a", "elm", 2, null, null));

    assertThat(trees(spark)).containsExactly("a oak 1");
    assertThat(TABLE.snapshot(spark, directory.toString(), "writer").generation()).isEqualTo(1);

    once(spark, 2, row("a", "elm", 2, null, null));
    assertThat(trees(spark)).containsExactly("a elm 2");
  }

  private void once(SparkSession spark, long generation, Row row) {
    TABLE.replaceOnce(
        spark,
        directory.toString(),
        List.of("a"),
        spark.createDataFrame(List.of(row), TABLE.schema()),
        "writer",
        generation);
  }

  @Test
  void writersAtOnceAllLand(SparkSession spark) throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> writes =
          IntStream.range(0, 8)
              .<Future<?>>mapToObj(
                  i -> {
                    // Two writers of every run, and all of them create the table.
                    String run = "run-" + i % 4;
                    return writers.submit(
                        () -> write(spark, run, row(run, "oak", 1 + i / 4, null, null)));
                  })
              .toList();
      for (Future<?> write : writes) {
        write.get();
      }
    } finally {
      writers.shutdownNow();
    }

    assertThat(trees(spark))
        .hasSize(4)
        .allMatch(tree -> tree.matches("run-[0-3] oak [12]"))
        .extracting(tree -> tree.substring(0, 5))
        .doesNotHaveDuplicates();
  }

  @Test
  void directoryOfSomethingElseIsRefused() throws IOException {
    Files.writeString(directory.resolve("letter.txt"), "Dear");

    assertThatThrownBy(() -> StatisticsTable.requireDirectory(session(), directory.toString()))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot write tables to "
                + directory
                + ": it holds 'letter.txt' and no Delta table."
                + " Choose a new or empty directory with --tables.");
    assertThatThrownBy(
            () ->
                StatisticsTable.requireDirectory(
                    session(), directory.resolve("letter.txt").toString()))
        .hasMessageContaining("it is a file");
  }

  private static SparkSession session() {
    return SparkSession.active();
  }

  @Test
  void placeOfSomethingElseIsRefused(SparkSession spark) {
    Samples.write(Path.of(path()).resolve("notes.txt"), List.of("Dear"));

    assertThatThrownBy(() -> TABLE.requireWritable(spark, directory.toString()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("something else is there");
  }

  @Test
  void creationThatDiedIsNoObstacle(SparkSession spark) throws IOException {
    Files.createDirectories(Path.of(path()).resolve("_delta_log"));

    TABLE.requireWritable(spark, directory.toString());
    write(spark, "a", row("a", "oak", 1, null, null));
    assertThat(trees(spark)).containsExactly("a oak 1");
  }

  @Test
  void tableOfAnotherVersionIsRefused(SparkSession spark) {
    spark
        .sql("select 'a' as run_id, 'm' as model, 'oak' as tree")
        .write()
        .format("delta")
        .save(path());

    assertThatThrownBy(() -> TABLE.requireWritable(spark, directory.toString()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("as table heights")
        .hasMessageContaining("trees");
  }

  private String path() {
    return directory.resolve("heights").toString();
  }

  private void write(SparkSession spark, String run, Row... rows) {
    TABLE.replace(
        spark,
        directory.toString(),
        List.of(run),
        spark.createDataFrame(Arrays.asList(rows), TABLE.schema()));
  }

  private static Row row(String run, String tree, long trees, Double height, Double felled) {
    return org.apache.spark.sql.RowFactory.create(run, "m", tree, trees, height, felled);
  }

  private List<String> trees(SparkSession spark) {
    return TABLE.read(spark, directory.toString()).collectAsList().stream()
        .map(row -> row.getString(0) + " " + row.getString(2) + " " + row.getLong(3))
        .sorted()
        .toList();
  }
}
