package io.radialnet.jobs.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.QuickstartTables;
import io.radialnet.jobs.SparkSessionExtension;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every view of {@code conf/dashboards} on the tables of quickstart. */
@ExtendWith({SparkSessionExtension.class, QuickstartTables.Extension.class})
@TestInstance(Lifecycle.PER_CLASS)
class DashboardsIT {

  /** Quickstart runs every model once, so that nothing moves. */
  private static final String EMPTY = "what_moved_between_runs";

  private SparkSession spark;
  private DuckDbTables duckDb;

  @BeforeAll
  void createViews(SparkSession shared, QuickstartTables tables) throws Exception {
    spark = shared.newSession();
    Dashboards.statements("spark.sql", tables.directory()).forEach(spark::sql);
    duckDb = DuckDbTables.open(tables.directory());
  }

  @AfterAll
  void dropViews() throws Exception {
    duckDb.close();
    spark.sql("DROP DATABASE radial CASCADE");
  }

  static List<Path> views() {
    return Dashboards.views();
  }

  @ParameterizedTest
  @MethodSource("views")
  void everyViewHasTheSameRowsInSparkAndInDuckDb(Path view) throws Exception {
    String query = "SELECT * FROM " + Dashboards.name(view);

    Rows rows = Rows.of(spark.sql(query));

    assertThat(rows.rows().isEmpty()).isEqualTo(Dashboards.name(view).equals(EMPTY));
    assertThat(duckDb.rows(query)).isEqualTo(rows);
  }
}
