package io.radialnet.jobs.notebook;

import static java.util.stream.Collectors.joining;
import static org.apache.spark.sql.functions.desc;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.SampleTables;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.table.RouterQualityTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The format of every note, and what its SQL says of the tables of small runs. */
@ExtendWith({SparkSessionExtension.class, SampleTables.Extension.class})
@TestInstance(Lifecycle.PER_CLASS)
class NotesTest {

  private final Map<String, NoteRun> runs = new HashMap<>();

  static List<Note> notes() {
    return Note.all();
  }

  @ParameterizedTest
  @MethodSource("notes")
  void everyNoteHoldsWhatZeppelinKnowsAndNoMore(Note note) {
    assertThat(NoteFormat.problems(note)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("notes")
  void everyNoteIsWrittenForReviewers(Note note) {
    assertThat(note.text())
        .as("python -m json.tool --indent 2 --no-ensure-ascii writes notes like this")
        .isEqualTo(note.pretty());
  }

  @ParameterizedTest
  @MethodSource("notes")
  void everyNoteBeginsWithItsFormsAndSpeaksEveryLanguage(Note note) {
    List<Paragraph> paragraphs = note.paragraphs();

    assertThat(Form.of(paragraphs.get(0).code())).extracting(Form::name).contains("tables");
    assertThat(paragraphs.get(1).interpreter()).isEqualTo("md");
    assertThat(paragraphs)
        .extracting(Paragraph::interpreter)
        .contains("spark.sql", "spark", "spark.pyspark");
    assertThat(paragraphs.get(paragraphs.size() - 2).code()).contains("The question: ", "?");
  }

  @Test
  void theNotesHaveIdsOfTheirOwn() {
    Set<String> ids = new HashSet<>();
    for (Note note : notes()) {
      assertThat(ids.add(note.json().path("id").asText())).as(note.file()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("notes")
  void everySqlParagraphRunsAndHasWhatItsChartDraws(
      Note note, SparkSession spark, SampleTables tables) {
    NoteRun run = runs.computeIfAbsent(note.file(), file -> inSql(note, spark, tables));

    assertThat(run.failures()).isEmpty();
    assertThat(run.shown()).hasSize(1);
    assertThat(run.shown().get(0).columns()).containsExactly("answer");
    assertThat(run.shown().get(0).rows())
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.get(0)).isNotEqualTo("null").endsWith("."));
  }

  @Test
  void theAnswerOnLayersNamesTheLeast(SparkSession spark, SampleTables tables) {
    Row least =
        spark
            .read()
            .format("delta")
            .load(tables.directory().resolve("layer_sparsity").toString())
            .join(latestRun(spark, tables), "run_id")
            .where("slice = 'all' AND block IN ('attn', 'mlp') AND layer >= 0")
            .orderBy("p50")
            .select("model", "block", "layer", "p50")
            .first();

    assertThat(answer("01-layer-sparsity.zpln", spark, tables))
        .startsWith(least.getString(0) + ": ")
        .contains(
            String.format(
                Locale.ROOT,
                "The least is added by %s of layer %d (%.3f)",
                least.getString(1),
                least.getInt(2),
                least.getDouble(3)));
  }

  @Test
  void theAnswerOnTokensNamesTheLargestShare(SparkSession spark, SampleTables tables) {
    Row largest =
        spark
            .read()
            .format("delta")
            .load(tables.directory().resolve("ratio_variance").toString())
            .join(latestRun(spark, tables), "run_id")
            .where("block IN ('attn', 'mlp')")
            .groupBy("component")
            .avg("share")
            .orderBy(desc("avg(share)"))
            .first();

    assertThat(answer("02-tokens-and-domains.zpln", spark, tables))
        .contains(
            switch (largest.getString(0)) {
              case "rest" -> "Most has to be decided for each token in its context";
              case "layer" -> "Most is decided by the layer, whatever the token";
              default -> "Most is decided by the " + largest.getString(0);
            })
        .contains("Domains: domain=");
  }

  @Test
  void theAnswerOnRoutersNamesTheConstantOne(SparkSession spark, SampleTables tables) {
    long better =
        RouterQualityTable.ofTest(spark, tables.directory().toString())
            .where("learner = 'logistic' AND auc_low > 0.5 AND gain_low > 0")
            .count();

    assertThat(answer("04-routers.zpln", spark, tables))
        .startsWith("synthetic: a router (logistic) is worth it in " + better + " of 4 blocks")
        .contains("it is constant, having seen one class only, in 0.attn. ")
        .contains("It ranks best in domain=", "Fitted on one domain alone, the AUC is ");
  }

  @Test
  void aRunThatIsNotThereIsSaid(SparkSession spark, SampleTables tables) {
    Note note = withTables(notes().get(0), tables).withParameter("run", "nowhere");
    Interpreter sql = new SqlInterpreter(spark.newSession());

    assertThat(sql.run(note.filled(note.paragraphs().get(0))).get(0).rows().get(0).get(0))
        .startsWith("No such run");
  }

  @Test
  void anErrorInSqlIsAFailureOfItsParagraph(SparkSession spark, SampleTables tables) {
    Note note = notes().get(0).upTo(3).withText(2, "%spark.sql\nSELECT layr FROM layer_sparsity");

    assertThat(inSql(note, spark, tables).failures())
        .singleElement()
        .asString()
        .startsWith(note.paragraphs().get(2).id() + ": ")
        .contains("layr");
  }

  @Test
  void aChartOfColumnsThatAreElsewhereIsAFailure(SparkSession spark, SampleTables tables) {
    Note note = notes().get(0).upTo(3);
    Note turned =
        note.withText(2, "%spark.sql\nSELECT block, layer, p50 FROM layer_sparsity LIMIT 3");

    assertThat(inSql(turned, spark, tables).failures())
        .contains(
            note.paragraphs().get(2).id()
                + ": the chart draws column 0, 'layer', of [block, layer, p50]");
    Note empty =
        note.withText(2, "%spark.sql\nSELECT layer, block, p50 FROM layer_sparsity LIMIT 0");
    assertThat(inSql(empty, spark, tables).failures())
        .containsExactly(note.paragraphs().get(2).id() + ": there are no rows for the chart");
  }

  @Test
  void everyDeviationFromTheFormatIsSeen() {
    assertDeviation(note -> note.put("nmae", "x"), "nmae");
    assertDeviation(note -> note.remove("info"), "expected");
    assertDeviation(note -> paragraph(note).put("results", "x"), "results");
    assertDeviation(note -> paragraph(note).put("id", "paragraph_01_02"), "once");
    assertDeviation(note -> paragraph(note).put("text", "%sprak\n1"), "begins with");
    assertDeviation(note -> paragraph(note).put("status", "FINISHED"), "status");
    assertDeviation(note -> graph(note).put("mode", "lineChrat"), "mode is known");
    assertDeviation(note -> graph(note).put("kyes", 1), "kyes");
    assertDeviation(note -> ((ArrayNode) graph(note).path("values")).removeAll(), "pivots");
    assertDeviation(
        note -> ((ObjectNode) graph(note).path("values").get(0)).put("aggr", "mean"), "aggr");
    assertDeviation(note -> ((ObjectNode) note.path("noteParams")).put("x", "y"), "noteParams");
    assertDeviation(note -> paragraph(note).put("text", "%spark\ns\"${x}\""), "begins a form");
  }

  private static void assertDeviation(Consumer<ObjectNode> change, String problem) {
    ObjectNode json = notes().get(0).json().deepCopy();
    change.accept(json);
    assertThat(NoteFormat.problems(new Note("changed", json))).anyMatch(p -> p.contains(problem));
  }

  /** The first paragraph that has a chart. */
  private static ObjectNode paragraph(ObjectNode note) {
    return (ObjectNode) note.path("paragraphs").get(2);
  }

  private static ObjectNode graph(ObjectNode note) {
    return (ObjectNode) paragraph(note).at("/config/results/0/graph");
  }

  private static Dataset<Row> latestRun(SparkSession spark, SampleTables tables) {
    return spark
        .read()
        .format("delta")
        .load(tables.directory().resolve("runs").toString())
        .selectExpr("max_by(run_id, aggregated_at) AS run_id");
  }

  private String answer(String file, SparkSession spark, SampleTables tables) {
    Note note = notes().stream().filter(n -> n.file().equals(file)).findFirst().orElseThrow();
    return runs
        .computeIfAbsent(file, name -> inSql(note, spark, tables))
        .shown()
        .get(0)
        .rows()
        .stream()
        .map(sentence -> sentence.get(0))
        .collect(joining(" "));
  }

  private static NoteRun inSql(Note note, SparkSession spark, SampleTables tables) {
    Interpreter sql = new SqlInterpreter(spark.newSession());
    return NoteRun.of(withTables(note, tables), Map.of("spark.sql", sql));
  }

  private static Note withTables(Note note, SampleTables tables) {
    return note.withParameter("tables", tables.directory().toString());
  }
}
