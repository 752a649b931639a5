package io.radialnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A corpus with a run of it that nothing disturbed, in local mode, for others to be compared with.
 *
 * @param corpus JSON Lines
 * @param run what the local run has written
 */
record Reference(Path corpus, RunDirectory run) {

  static final int SHARDS = 16;

  private static final int DOCUMENTS = 400;
  private static final int TWICE = 7;
  private static final List<String> WORDS =
      List.of(
          "the",
          "river",
          "light",
          "of",
          "a",
          "quiet",
          "house",
          "and",
          "seven",
          "letters",
          "to",
          "morning",
          "under",
          "old",
          "trees",
          "she",
          "wrote",
          "his",
          "name",
          "in",
          "snow",
          "when",
          "machines",
          "count",
          "every",
          "token",
          "again",
          "before",
          "winter",
          "ends",
          "café",
          "…");

  /** Writes the corpus and runs the launcher on it. */
  static Reference create(Path directory) throws IOException, InterruptedException {
    Path corpus = directory.resolve("corpus.jsonl");
    writeCorpus(corpus);
    Reference reference = new Reference(corpus, new RunDirectory(directory.resolve("reference")));
    try (Command command = local("reference", directory, reference.command(reference.run))) {
      assertThat(command.await()).as(command.stderr()).isEqualTo(0);
    }
    assertThat(reference.run.status()).isEqualTo("complete");
    assertThat(reference.run.manifest().path("documents").asInt()).isEqualTo(DOCUMENTS);
    assertThat(reference.run.manifest().path("errors").asInt()).isEqualTo(1);
    return reference;
  }

  /** Documents of 10 to 80 words, every fortieth of several windows, and one id twice. */
  private static void writeCorpus(Path file) throws IOException {
    Random random = new Random(20240404);
    ObjectMapper json = new ObjectMapper();
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i <= DOCUMENTS; i++) {
        int words = i % 40 == 0 ? 300 : 10 + random.nextInt(70);
        List<String> text = new ArrayList<>();
        for (int word = 0; word < words; word++) {
          text.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        ObjectNode document = json.createObjectNode();
        document.put("doc_id", "doc-" + (i < DOCUMENTS ? i : TWICE));
        document.put("domain", i % 3 == 0 ? "even" : "odd");
        document.put("text", String.join(" ", text));
        out.write(json.writeValueAsString(document) + "\n");
      }
    }
  }

  /**
   * The command whose rows are those of this run, writing elsewhere; its paths are relative to the
   * corpus's directory.
   */
  List<String> command(RunDirectory other) {
    Path from = corpus.getParent();
    return List.of(
        "profile",
        "--model=" + from.relativize(StandaloneCluster.ROOT.resolve("data-samples/opt-nano")),
        "--corpus=" + from.relativize(corpus),
        "--out=" + from.relativize(other.out()),
        "--keep-columns=domain",
        "--loss",
        "--device=cpu",
        "--shards=" + SHARDS);
  }

  /** Starts a command by the launcher. */
  static Command local(String name, Path directory, List<String> command) throws IOException {
    List<String> all = new ArrayList<>();
    all.add(StandaloneCluster.ROOT.resolve("radial").toString());
    all.addAll(command);
    return Command.start(
        name, directory, Map.of("RADIAL_JAVA_OPTS", StandaloneCluster.FAST_START), all);
  }

  /** Fails unless another run is complete and has the same rows, bit for bit, in the same files. */
  void assertSame(RunDirectory other) throws SQLException {
    assertThat(other.status()).isEqualTo("complete");
    for (String field : List.of("run_id", "documents", "errors", "windows", "tokens")) {
      assertThat(other.manifest().path(field)).as(field).isEqualTo(run.manifest().path(field));
    }
    assertThat(other.halfWritten()).isEmpty();
    assertThat(other.committed()).hasSize(SHARDS);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement duckDb = connection.createStatement()) {
      assertThat(countOrDifferences(duckDb, "token_ratios", other))
          .isEqualTo(run.manifest().path("tokens").asLong());
      assertThat(countOrDifferences(duckDb, "errors", other)).isEqualTo(1);
    }
  }

  /** The number of rows of both; minus the number of those that only one has, if there are such. */
  private long countOrDifferences(Statement duckDb, String table, RunDirectory other)
      throws SQLException {
    createView(duckDb, "expected", run, table);
    createView(duckDb, "actual", other, table);
    assertThat(columns(duckDb, "actual")).isEqualTo(columns(duckDb, "expected"));
    long differences =
        number(
            duckDb,
            "SELECT count(*) FROM ((FROM expected EXCEPT ALL FROM actual)"
                + " UNION ALL (FROM actual EXCEPT ALL FROM expected))");
    return differences > 0 ? -differences : number(duckDb, "SELECT count(*) FROM actual");
  }

  /** As text a float shows every bit, -0 included. */
  private static void createView(Statement duckDb, String name, RunDirectory run, String table)
      throws SQLException {
    duckDb.execute(
        "CREATE OR REPLACE VIEW "
            + name
            + " AS SELECT COLUMNS(*)::VARCHAR FROM read_parquet('"
            + run.out().resolve(table).toString().replace("'", "''")
            + "/shard=*/part.parquet', hive_partitioning = true, file_row_number = true)");
  }

  private static List<String> columns(Statement duckDb, String view) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (ResultSet rows = duckDb.executeQuery("DESCRIBE " + view)) {
      while (rows.next()) {
        columns.add(rows.getString(1));
      }
    }
    return columns;
  }

  private static long number(Statement duckDb, String query) throws SQLException {
    try (ResultSet rows = duckDb.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
