package io.radialnet.jobs.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.QuickstartTables;
import io.radialnet.jobs.SampleTables;
import io.radialnet.jobs.SparkSessionExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every paragraph of every note, on the tables of quickstart: SQL in a session, Scala in a REPL and
 * Python in a process of its own, all on one session, as in Zeppelin.
 */
@ExtendWith({
  SparkSessionExtension.class,
  QuickstartTables.Extension.class,
  SampleTables.Extension.class
})
@TestInstance(Lifecycle.PER_CLASS)
class NotesIT {

  /** Quickstart fits no routers of one domain alone, and the note says so. */
  private static final Map<String, List<String>> EXPECTED =
      Map.of("04-routers.zpln", List.of("paragraph_04_09: there are no rows for the chart"));

  private QuickstartTables tables;
  private ScalaInterpreter scala;
  private PythonInterpreter python;
  private Map<String, Interpreter> interpreters;

  @BeforeAll
  void start(SparkSession shared, QuickstartTables made) throws Exception {
    tables = made;
    SparkSession spark = shared.newSession();
    scala = new ScalaInterpreter(spark);
    python = new PythonInterpreter(spark, PythonHome.executable());
    interpreters =
        Map.of("spark.sql", new SqlInterpreter(spark), "spark", scala, "spark.pyspark", python);
  }

  @AfterAll
  void stop() throws Exception {
    python.close();
    scala.close();
  }

  static List<Note> notes() {
    return Note.all();
  }

  @ParameterizedTest
  @MethodSource("notes")
  void everyParagraphRunsAndHasWhatItsChartDraws(Note note) {
    assertThat(run(note).failures()).isEqualTo(EXPECTED.getOrDefault(note.file(), List.of()));
  }

  @Test
  void transferIsDrawnWhereItWasFitted(SampleTables withTransfer) {
    Note routers =
        notes().stream()
            .filter(note -> EXPECTED.containsKey(note.file()))
            .findFirst()
            .orElseThrow();
    assertThat(run(routers, withTransfer.directory()).failures()).isEmpty();
  }

  @Test
  void anErrorInScalaIsAFailureOfItsParagraph() {
    assertThat(failures("spark", "val layers: Int = \"twelve\"")).contains("type mismatch");
    assertThat(failures("spark", "z.show(spark.table(\"nowhere\"))")).contains("nowhere");
  }

  @Test
  void anErrorInPythonIsAFailureOfItsParagraph() {
    assertThat(failures("spark.pyspark", "layers = (1")).contains("SyntaxError");
    assertThat(failures("spark.pyspark", "spark.table('nowhere').show()")).contains("nowhere");
    assertThat(failures("spark.pyspark", "layers")).contains("NameError");
  }

  @Test
  void anErrorInSqlIsAFailureOfItsParagraph() {
    assertThat(failures("spark.sql", "SELECT layr FROM VALUES (1) AS layers(layer)"))
        .contains("layr");
  }

  /** Of a note whose only paragraph has this code. */
  private String failures(String interpreter, String code) {
    Note wrong = notes().get(0).upTo(1).withText(0, "%" + interpreter + "\n" + code);
    List<String> failures = run(wrong).failures();
    assertThat(failures)
        .singleElement()
        .asString()
        .startsWith(wrong.paragraphs().get(0).id() + ": ");
    return failures.get(0);
  }

  private NoteRun run(Note note) {
    return run(note, tables.directory());
  }

  private NoteRun run(Note note, Path directory) {
    return NoteRun.of(note.withParameter("tables", directory.toString()), interpreters);
  }
}
