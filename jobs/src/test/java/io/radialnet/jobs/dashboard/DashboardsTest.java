package io.radialnet.jobs.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.SampleTables;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.table.DriftTable;
import io.radialnet.jobs.table.LayerCorrelationTable;
import io.radialnet.jobs.table.LayerSparsityTable;
import io.radialnet.jobs.table.ModelTrendTable;
import io.radialnet.jobs.table.PositionSparsityTable;
import io.radialnet.jobs.table.RatioHistogramTable;
import io.radialnet.jobs.table.RatioVarianceTable;
import io.radialnet.jobs.table.RunsTable;
import io.radialnet.jobs.table.StatisticsTable;
import io.radialnet.jobs.table.TokenSparsityTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every view of {@code conf/dashboards}, through Spark and through DuckDB. */
@ExtendWith({SparkSessionExtension.class, SampleTables.Extension.class})
@TestInstance(Lifecycle.PER_CLASS)
class DashboardsTest {

  private BothEngines engines;

  @BeforeAll
  void createViews(SparkSession spark, SampleTables tables) throws Exception {
    engines = BothEngines.open(spark, tables.directory());
  }

  @AfterAll
  void dropViews() throws Exception {
    engines.close();
  }

  static List<Path> views() {
    return Dashboards.views();
  }

  @ParameterizedTest
  @MethodSource("views")
  void everyViewHasTheSameRowsInSparkAndInDuckDb(Path view) throws Exception {
    String query = "SELECT * FROM " + Dashboards.name(view);

    Rows rows = engines.inSpark(query);

    assertThat(rows.rows()).isNotEmpty();
    assertThat(engines.inDuckDb(query)).isEqualTo(rows);
  }

  @ParameterizedTest
  @MethodSource("views")
  void everyViewIsNamedForTheQuestionOnItsTop(Path view) {
    String text = Samples.read(view);
    String question = text.lines().findFirst().orElseThrow();

    assertThat(question).startsWith("-- ").endsWith("?");
    assertThat(question.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", " "))
        .as("the words of the name, in their order")
        .matches(" " + Dashboards.name(view).replace("_", "\\b.*\\b") + "\\b.*");
    assertThat(text)
        .containsOnlyOnce("CREATE OR REPLACE VIEW " + Dashboards.name(view) + " AS\n")
        .containsOnlyOnce(";");
  }

  @Test
  void bothEnginesKnowEveryTable() {
    List<String> tables =
        List.of(
                RunsTable.TABLE,
                LayerSparsityTable.TABLE,
                RatioHistogramTable.TABLE,
                PositionSparsityTable.TABLE,
                TokenSparsityTable.TABLE,
                RatioVarianceTable.TABLE,
                LayerCorrelationTable.TABLE,
                DriftTable.TABLE,
                ModelTrendTable.TABLE)
            .stream()
            .map(StatisticsTable::name)
            .toList();
    for (String script : List.of("spark.sql", "duckdb.sql")) {
      List<String> named =
          Dashboards.statements(script, Path.of("/tables")).stream()
              .flatMap(sql -> Pattern.compile("'/tables/(\\w+)'").matcher(sql).results())
              .map(match -> match.group(1))
              .toList();
      assertThat(named).as(script).containsExactlyElementsOf(tables);
    }
  }

  @Test
  void everyModelIsThereOnceByItsLatestRun() throws Exception {
    assertThat(engines.inSpark("SELECT count(*), count(DISTINCT model) FROM latest_run").rows())
        .isEqualTo(
            engines.inDuckDb("SELECT count(DISTINCT model), count(*) FROM latest_run").rows());
    assertThat(
            engines
                .inSpark("SELECT run_id FROM latest_run ORDER BY 1")
                .rows()
                .containsAll(
                    engines
                        .inSpark(
                            "SELECT max_by(run_id, aggregated_at) FROM runs WHERE NOT is_pool"
                                + " GROUP BY model")
                        .rows()))
        .isTrue();
  }

  @Test
  void oneOtherBitIsADifference() throws Exception {
    Rows rows = engines.inSpark("SELECT model, layer, p50 FROM layer_sparsity");
    List<List<Object>> changed = new ArrayList<>(rows.rows());
    List<Object> first = changed.get(0);
    changed.set(0, Arrays.asList(first.get(0), first.get(1), Math.nextUp((Double) first.get(2))));

    assertThat(engines.inDuckDb("SELECT model, layer, p50 FROM layer_sparsity")).isEqualTo(rows);
    assertThat(new Rows(rows.columns(), changed)).isNotEqualTo(rows);
    assertThat(new Rows(rows.columns(), rows.rows().subList(1, rows.rows().size())))
        .isNotEqualTo(rows);
  }
}
