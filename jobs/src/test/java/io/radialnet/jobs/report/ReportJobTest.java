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
import io.radialnet.jobs.aggregate.AggregateJob;
import io.radialnet.jobs.options.AggregateOptions;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.jobs.options.ReportOptions;
import io.radialnet.jobs.profile.ProfileJob;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith({SparkSessionExtension.class, SampleTables.Extension.class})
class ReportJobTest {

  private static final Pattern DATA =
      Pattern.compile(
          "<script id=\"data\" type=\"application/json\">(.*?)</script>", Pattern.DOTALL);

  /** Of the page: the data, the library, the code. */
  private static final int SCRIPTS = 3;

  private static final String HOSTILE =
      "</script><script>alert('x')</script><img src=x onerror=alert(1)> <!-- \u2028 {{data}} & ]]>";

  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  @TempDir Path directory;

  @Test
  void thePageHasTheTablesNumbers(SparkSession spark, SampleTables tables) throws IOException {
    String page = report(spark, tables.directory());
    ObjectNode data = data(page);

    Dataset<Row> sparsity =
        spark.read().format("delta").load(tables.directory().resolve("layer_sparsity").toString());
    Map<String, Row> rows = new HashMap<>();
    for (Row row : sparsity.collectAsList()) {
      rows.put(
          key(
              row.getAs("run_id"),
              row.getAs("slice"),
              row.getAs("block"),
              row.<Integer>getAs("layer")),
          row);
    }
    JsonNode table = data.path("tables").path("layer_sparsity");
    List<String> columns = texts(table.path("columns"));
    assertThat(table.path("rows")).hasSize(rows.size());
    for (JsonNode shown : table.path("rows")) {
      Row row =
          rows.get(
              key(
                  shown.get(columns.indexOf("run_id")).asText(),
                  shown.get(columns.indexOf("slice")).asText(),
                  shown.get(columns.indexOf("block")).asText(),
                  shown.get(columns.indexOf("layer")).asInt()));
      for (String number : List.of("mean", "p50", "p50_low", "p50_high", "below_10")) {
        Double value = row.getAs(number);
        JsonNode on = shown.get(columns.indexOf(number));
        if (value == null) {
          assertThat(on.isNull()).as(number).isTrue();
        } else {
          assertThat(on.asDouble()).as(number).isCloseTo(value, within(1e-5 * Math.abs(value)));
        }
      }
    }
    assertThat(texts(data.path("runs"), "id"))
        .containsExactlyInAnyOrderElementsOf(
            sparsity.select("run_id").distinct().collectAsList().stream()
                .map(row -> row.getString(0))
                .toList());
    assertThat(texts(data.path("claims"), "number")).containsExactly("2", "3", "4");
    assertThat(texts(data.path("claims"), "verdict"))
        .allMatch(List.of("agrees", "contradicts", "cannot tell")::contains);
    assertThat(data.path("documents")).isNotEmpty();
  }

  @Test
  void everyPlotHasASentence(SparkSession spark, SampleTables tables) throws IOException {
    ObjectNode data = data(report(spark, tables.directory()));

    for (JsonNode run : data.path("runs")) {
      String id = run.path("id").asText();
      for (String plot : List.of("threshold", "slices", "layers", "variance", "positions")) {
        assertThat(data.path("findings").path(plot + "|" + id).asText()).as(plot).isNotBlank();
      }
      for (JsonNode block : run.path("table_blocks")) {
        String of = "|" + id + "|" + block.asText();
        assertThat(data.path("findings").path("distribution" + of).asText()).isNotBlank();
        assertThat(data.path("findings").path("tokens" + of).asText()).isNotBlank();
      }
    }
  }

  @Test
  void nothingIsLoadedFromElsewhere(SparkSession spark, SampleTables tables) throws IOException {
    String page = report(spark, tables.directory());
    String markup = page.replaceAll("(?s)<script.*?</script>", "");

    assertThat(page).contains("default-src 'none'");
    assertThat(page).doesNotContain("connect-src");
    assertThat(markup).doesNotContain("http:", "https:", "src=", "@import", "url(");
  }

  @Test
  void hostileTextStaysText(SparkSession spark) throws IOException {
    Path corpus =
        Samples.write(
            directory.resolve("hostile.jsonl"),
            List.of(Samples.jsonLine("<b onclick=alert(2)>", HOSTILE.repeat(3))));
    Path profile = directory.resolve("profile");
    ProfileJob.run(
        spark,
        ProfileOptions.builder(Samples.OPT_NANO.toString(), corpus.toString(), profile.toString())
            .shards(1)
            .build(),
        NOWHERE);
    Path tables = directory.resolve("tables");
    AggregateJob.run(
        spark,
        AggregateOptions.builder(List.of(profile.toString()), tables.toString()).build(),
        NOWHERE);

    String page = report(spark, tables);
    Matcher ends = Pattern.compile("</script", Pattern.CASE_INSENSITIVE).matcher(page);
    JsonNode document = data(page).path("documents").get(0);

    assertThat(ends.results().count()).isEqualTo(SCRIPTS);
    assertThat(page).doesNotContain("onerror=alert(1)>", "<b onclick", "\u2028");
    assertThat(document.path("doc_id").asText()).isEqualTo("<b onclick=alert(2)>");
    assertThat(String.join("", texts(document.path("texts")))).contains(HOSTILE);
  }

  @Test
  void placesThatHoldNoTablesAreNamed(SparkSession spark) throws IOException {
    Path none = directory.resolve("none");
    Path empty = Files.createDirectories(directory.resolve("empty"));
    String out = directory.resolve("o.html").toString();

    assertThatThrownBy(
            () -> ReportJob.run(spark, ReportOptions.builder(none.toString(), out).build()))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot report on the tables "
                + none
                + ": there is no such directory. Name the directory of a finished `radial aggregate`"
                + " with --tables.");
    assertThatThrownBy(
            () -> ReportJob.run(spark, ReportOptions.builder(empty.toString(), out).build()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("it has no table runs, which aggregate writes last");
    assertThat(Path.of(out)).doesNotExist();
  }

  @Test
  void placesForThePageAreCheckedBeforeTablesAreRead(SparkSession spark) {
    String tables = directory.resolve("none").toString();

    assertThatThrownBy(
            () -> ReportJob.run(spark, ReportOptions.builder(tables, directory.toString()).build()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("it is a directory");
    assertThatThrownBy(
            () ->
                ReportJob.run(
                    spark,
                    ReportOptions.builder(tables, directory.resolve("a/b.html").toString())
                        .build()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("there is no directory");
  }

  private String report(SparkSession spark, Path tables) throws IOException {
    Path out = directory.resolve("report.html");
    ReportJob.run(spark, ReportOptions.builder(tables.toString(), out.toString()).build());
    return Files.readString(out);
  }

  private static ObjectNode data(String page) {
    Matcher found = DATA.matcher(page);
    assertThat(found.find()).isTrue();
    return Samples.parsed(found.group(1));
  }

  private static String key(String run, String slice, String block, int layer) {
    return String.join("|", run, slice, block, Integer.toString(layer));
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static List<String> texts(JsonNode array, String field) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(value -> value.path(field).asText())
        .toList();
  }
}
