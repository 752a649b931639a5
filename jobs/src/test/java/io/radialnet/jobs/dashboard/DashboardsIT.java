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

  private BothEngines engines;

  @BeforeAll
  void createViews(SparkSession spark, QuickstartTables tables) throws Exception {
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

    assertThat(rows.rows().isEmpty()).isEqualTo(Dashboards.name(view).equals(EMPTY));
    assertThat(engines.inDuckDb(query)).isEqualTo(rows);
  }
}
