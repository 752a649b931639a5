package io.radialnet.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.SampleTables;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.options.ReportOptions;
import io.radialnet.jobs.table.RouterImportanceTable;
import io.radialnet.jobs.table.RouterQualityTable;
import io.radialnet.jobs.table.RouterReliabilityTable;
import io.radialnet.jobs.table.StatisticsTable;
import io.radialnet.jobs.table.TableRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The section on routers, and what the page is as a file. */
@ExtendWith({SparkSessionExtension.class, SampleTables.Extension.class})
@TestInstance(Lifecycle.PER_CLASS)
class RouterReportTest {

  private static final Pattern DATA =
      Pattern.compile(
          "<script id=\"data\" type=\"application/json\">(.*?)</script>", Pattern.DOTALL);
  private static final String RUN = "r0";
  private static final String HOSTILE = "domain=</script><b onclick=alert(1)>";

  @TempDir private static Path directory;
  private Path page;
  private ObjectNode data;

  @BeforeAll
  void report(SparkSession spark, SampleTables tables) throws IOException {
    page = Files.createDirectories(directory.resolve("page")).resolve("report.html");
    ReportJob.run(
        spark, ReportOptions.builder(tables.directory().toString(), page.toString()).build());
    Matcher found = DATA.matcher(Files.readString(page));
    assertThat(found.find()).isTrue();
    data = Samples.parsed(found.group(1));
  }

  @Test
  void thePageHasTheTestRowsOfRouters(SparkSession spark, SampleTables tables) {
    List<Row> rows =
        RouterQualityTable.TABLE
            .read(spark, tables.directory().toString())
            .where("split = 'test'")
            .orderBy("run_id", "block", "layer", "learner", "slice")
            .collectAsList();
    JsonNode table = data.path("tables").path("router_quality");

    assertThat(table.path("rows")).hasSameSizeAs(rows);
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      JsonNode shown = table.path("rows").get(i);
      for (int column = 0; column < row.size(); column++) {
        if (row.isNullAt(column)) {
          assertThat(shown.get(column).isNull()).isTrue();
        } else if (row.get(column) instanceof Double number) {
          assertThat(shown.get(column).asDouble())
              .isCloseTo(number, within(1e-5 * Math.abs(number)));
        } else {
          assertThat(shown.get(column).asText()).isEqualTo(row.get(column).toString());
        }
      }
    }
    assertThat(data.path("tables").path("router_reliability").path("rows")).isNotEmpty();
    assertThat(data.path("tables").path("router_importance").path("rows")).isNotEmpty();
    assertThat(data.path("routers").findValuesAsText("label")).containsExactly("synthetic");
  }

  @Test
  void everyPlotOfRoutersHasASentenceThatNamesTheConstantOnes() {
    JsonNode findings = data.path("findings");
    String id = data.path("routers").get(0).path("id").asText();

    assertThat(findings.path("router-reliability|" + id + "|all").asText())
        .contains("constant, with one probability for all tokens: attn of layer 0.");
    assertThat(findings.path("router-reliability|" + id + "|attn|0").asText())
        .contains("its routers are constant");
    for (String block : List.of("attn", "mlp")) {
      String of = "|" + id + "|" + block;
      assertThat(findings.path("router-auc" + of).asText())
          .startsWith("Which tokens can skip " + block + " is told best by logistic regression")
          .contains("no better than a baseline, or not shown to be: logistic regression");
      assertThat(findings.path("router-slices" + of + "|logistic").asText())
          .startsWith("For " + block + ", logistic regression ranks best in domain=");
      assertThat(findings.path("router-importance" + of + "|logistic").asText())
          .contains("goes most by projection: shuffled, it costs ");
      assertThat(findings.path("router-transfer" + of).asText())
          .contains("it is smallest from domain=", " to domain=");
    }
    assertThat(findings.path("router-auc|" + id + "|attn").asText())
        .endsWith("; constant, fitted or calibrated on one class only: layer 0.");
  }

  @Test
  void aRouterThatIsNoBetterThanABaselineIsNamed(SparkSession spark) throws IOException {
    Path tables = directory.resolve("some");
    List<Row> rows = new ArrayList<>();
    for (int layer = 0; layer < 6; layer++) {
      double gain = layer < 4 ? -0.1 : 0.1;
      rows.add(quality(layer, "mlp", RouterQualityTable.ALL, 0.7, gain));
      rows.add(quality(layer, "previous_ratio", RouterQualityTable.ALL, 0.7 - gain, Double.NaN));
      rows.add(quality(layer, "base_rate", RouterQualityTable.ALL, 0.5, Double.NaN));
      rows.add(quality(layer, "mlp", HOSTILE, 0.6, gain));
    }
    write(spark, tables, RouterQualityTable.TABLE, rows);
    write(spark, tables, RouterReliabilityTable.TABLE, List.of());
    write(spark, tables, RouterImportanceTable.TABLE, List.of());

    RouterStatistics statistics = RouterStatistics.read(spark, tables.toString());
    RouterRun run = statistics.runs().get(0);

    assertThat(RouterFindings.auc(run, "attn"))
        .isEqualTo(
            "Which tokens can skip attn is told best by the perceptron, with an AUC of 0.700 in the"
                + " mean of 6 layers (the previous block's ratio 0.733, the base rate 0.500); no better"
                + " than a baseline, or not shown to be: the perceptron in layers 0 to 3.");
    assertThat(RouterSliceFindings.slices(run, "attn", "mlp"))
        .contains("no better than the previous block's ratio: " + HOSTILE + " in layers 0 to 3.");
    assertThat(RouterFindings.importance(run, "attn", "mlp"))
        .isEqualTo("No importance is known for the perceptron.");
    assertThat(RouterSliceFindings.transfer(run, "attn"))
        .isEqualTo("Nothing of attn was fitted on one slice and tested on another.");
  }

  @Test
  void withoutTablesOfRoutersThereIsNoSection(SparkSession spark) {
    RouterStatistics none = RouterStatistics.read(spark, directory.resolve("none").toString());

    assertThat(none.runs()).isEmpty();
    assertThat(none.tables()).isEmpty();
    assertThat(RouterFindings.of(none)).isEmpty();
  }

  @Test
  void tablesOfRoutersThatAreNotAllThereAreNamed(SparkSession spark) {
    Path tables = directory.resolve("part");
    write(spark, tables, RouterReliabilityTable.TABLE, List.of());

    assertThatThrownBy(() -> RouterStatistics.read(spark, tables.toString()))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot report on the routers of "
                + tables
                + ": it has router_reliability and lacks router_quality, router_importance. Let"
                + " `radial fit-routers` finish with these --tables, or move its tables away.");
  }

  @Test
  void nothingHiddenLiesBesideThePage() throws IOException {
    try (var files = Files.list(page.getParent())) {
      assertThat(files).containsExactly(page);
    }
  }

  @Test
  void extremeTokensAreReadable() {
    JsonNode table = data.path("tables").path("token_sparsity");
    int token = column(table, "token");

    assertThat(table.path("rows")).isNotEmpty();
    assertThat(table.path("rows"))
        .extracting(row -> row.get(token).asText())
        .noneMatch(text -> text.matches("(?s).*[\u0120\u010A\u2581 ].*"))
        .anyMatch(text -> text.startsWith("\u2423"));
  }

  private static int column(JsonNode table, String name) {
    for (int i = 0; i < table.path("columns").size(); i++) {
      if (table.path("columns").get(i).asText().equals(name)) {
        return i;
      }
    }
    throw new AssertionError("no column " + name);
  }

  private static void write(
      SparkSession spark, Path tables, StatisticsTable table, List<Row> rows) {
    table.replace(
        spark, tables.toString(), List.of(RUN), spark.createDataFrame(rows, table.schema()));
  }

  /** Of attn, with intervals of 0.02 about both figures. */
  private static Row quality(int layer, String learner, String slice, double auc, double gain) {
    TableRow row =
        RouterQualityTable.TABLE
            .row()
            .set(StatisticsTable.RUN_ID, RUN)
            .set(StatisticsTable.MODEL, "a model")
            .set("layer", layer)
            .set("block", "attn")
            .set("learner", learner)
            .set("split", "test")
            .set("slice", slice);
    return row.number("auc", auc)
        .number("auc_low", auc - 0.01)
        .number("auc_high", auc + 0.01)
        .number("average_precision", 0.5)
        .set("calibration_error", 0.02)
        .set("brier", 0.1)
        .set("base_rate", 0.3)
        .set("examples", 100L)
        .set("documents", 20L)
        .number("gain", gain)
        .number("gain_low", gain - 0.01)
        .number("gain_high", gain + 0.01)
        .set("is_constant", false)
        .build();
  }
}
