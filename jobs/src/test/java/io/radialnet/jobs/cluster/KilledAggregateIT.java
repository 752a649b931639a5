package io.radialnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.SparkSessionExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs of {@code aggregate} whose process is killed by SIGKILL. */
@ExtendWith({ClusterExtension.class, SparkSessionExtension.class})
class KilledAggregateIT {

  private static final int SIGKILL = 128 + 9;
  private static final List<String> TABLES =
      List.of(
          "layer_sparsity",
          "ratio_histogram",
          "position_sparsity",
          "token_sparsity",
          "ratio_variance",
          "layer_correlation",
          "drift",
          "model_trend",
          "runs");

  private final Reference reference;

  KilledAggregateIT(Reference reference) {
    this.reference = reference;
  }

  @Test
  void sameCommandAgainMendsTheTables(SparkSession spark) throws Exception {
    Path undisturbed = tables("undisturbed");
    finish("undisturbed", undisturbed);
    Path tables = tables("killed");

    kill("created", tables, () -> Files.exists(tables.resolve("layer_sparsity/_delta_log")));
    assertNoRun(spark, tables);
    kill("half", tables, () -> hasRows(tables, "layer_sparsity") && !hasRows(tables, "runs"));
    assertNoRun(spark, tables);
    finish("mended", tables);
    assertSame(spark, tables, undisturbed);

    // A run that is there is taken out of runs before anything else is touched.
    long versions = versions(tables, "runs");
    kill("again", tables, () -> versions(tables, "runs") > versions);
    assertNoRun(spark, tables);
    finish("mended-again", tables);
    assertSame(spark, tables, undisturbed);
  }

  private static Path tables(String name) {
    return ClusterExtension.DIRECTORY.resolve("tables-" + name);
  }

  private Command start(String name, Path tables) throws IOException {
    return Reference.local(
        "aggregate-" + name,
        ClusterExtension.DIRECTORY,
        List.of(
            "aggregate",
            "--profiles=" + reference.run().out(),
            "--tables=" + tables,
            "--slice-by=domain"));
  }

  private void finish(String name, Path tables) throws Exception {
    try (Command command = start(name, tables)) {
      assertThat(command.await()).as(command.stderr()).isEqualTo(0);
    }
  }

  private void kill(String name, Path tables, BooleanSupplier moment) throws Exception {
    try (Command command = start(name, tables)) {
      try (Frozen frozen = Frozen.when(name, () -> List.of(command.handle()), moment)) {
        frozen.killAll();
      }
      assertThat(command.await()).isEqualTo(SIGKILL);
    }
  }

  private static boolean hasRows(Path tables, String table) {
    return versions(tables, table) > 0;
  }

  private static long versions(Path tables, String table) {
    String[] files = tables.resolve(table).resolve("_delta_log").toFile().list();
    return files == null
        ? 0
        : Arrays.stream(files).filter(file -> file.matches("\\d{20}\\.json")).count();
  }

  /** Readers of {@code runs} see whole runs only. */
  private static void assertNoRun(SparkSession spark, Path tables) {
    if (versions(tables, "runs") > 0) {
      assertThat(read(spark, tables, "runs", "run_id")).isEmpty();
    }
  }

  /** Compares all that does not come from a sketch, whose coins differ from run to run. */
  private static void assertSame(SparkSession spark, Path tables, Path expected) {
    for (String table : TABLES) {
      String[] columns =
          Arrays.stream(spark.read().format("delta").load(path(tables, table)).columns())
              .filter(column -> !column.matches("p\\d\\d.*|sketch|aggregated_at"))
              .map(
                  column ->
                      column.matches("mean|stddev|cosine_mean|variance|share|pearson")
                          ? "round(" + column + ", 6)" // sums of doubles in any order
                          : column)
              .toArray(String[]::new);
      assertThat(read(spark, tables, table, columns))
          .as(table)
          .isEqualTo(read(spark, expected, table, columns));
    }
    assertThat(read(spark, tables, "runs", "run_id")).hasSize(1);
  }

  private static String path(Path tables, String table) {
    return tables.resolve(table).toString();
  }

  private static List<String> read(
      SparkSession spark, Path tables, String table, String... columns) {
    return spark
        .read()
        .format("delta")
        .load(path(tables, table))
        .selectExpr(columns)
        .toJSON()
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }
}
