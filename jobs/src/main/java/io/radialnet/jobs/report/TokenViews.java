package io.radialnet.jobs.report;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.options.ReportOptions;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.report.TokenView.Document;
import io.radialnet.jobs.report.TokenView.Token;
import io.radialnet.jobs.table.Spelling;
import io.radialnet.jobs.table.TokenRatiosTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Reads one document from the profiles behind the runs: the tables hold no rows of single tokens.
 */
final class TokenViews {

  /** The most tokens of a document that are shown. */
  static final int MAX_TOKENS = 384;

  /** The document chosen has so many tokens if one has. */
  private static final int ENOUGH_TOKENS = 64;

  private static final int SPELLING_SAMPLE = 2_000;

  private final SparkSession spark;
  private final Configuration conf;
  private final Map<String, String> moved;
  private Optional<String> docId;

  private TokenViews(SparkSession spark, Map<String, String> moved, Optional<String> docId) {
    this.spark = spark;
    this.conf = spark.sessionState().newHadoopConf();
    this.moved = moved;
    this.docId = docId;
  }

  /**
   * The document that was asked for, or one that is chosen, as every run measured it. Pools have
   * none.
   *
   * @throws UserException when a profile that was named is none of these runs, or no profile has
   *     the document that was named
   */
  static List<TokenView> read(SparkSession spark, ReportOptions options, List<ReportRun> runs) {
    TokenViews reader =
        new TokenViews(spark, moved(spark, options.profiles(), runs), options.document());
    List<TokenView> views = runs.stream().filter(run -> !run.isPool()).map(reader::view).toList();
    if (options.document().isPresent()
        && views.stream().allMatch(view -> view.document().isEmpty())) {
      throw UserException.of(
          "Cannot show document " + options.document().get(),
          views.isEmpty() ? "there are only pools" : views.get(0).note(),
          "Name another --document, or where the profiles are with --profiles");
    }
    return views;
  }

  /** By run_id: the profiles that were named. */
  private static Map<String, String> moved(
      SparkSession spark, List<String> profiles, List<ReportRun> runs) {
    Configuration conf = spark.sessionState().newHadoopConf();
    Map<String, String> moved = new HashMap<>();
    for (String profile : profiles) {
      String id =
          RunManifest.read(new Path(profile), conf)
              .map(manifest -> manifest.path("run_id").asText())
              .orElseThrow(() -> noneOfThese(profile, "it has no " + RunManifest.FILE_NAME));
      if (runs.stream().noneMatch(run -> run.id().equals(id))) {
        throw noneOfThese(profile, "its run " + id + " is not shown");
      }
      moved.put(id, profile);
    }
    return moved;
  }

  private static UserException noneOfThese(String profile, String reason) {
    return UserException.of(
        "Cannot read tokens from " + profile,
        reason,
        "Name with --profiles directories of profile that were aggregated into --tables");
  }

  private TokenView view(ReportRun run) {
    String directory = moved.getOrDefault(run.id(), run.profile().orElse(""));
    Optional<ObjectNode> manifest;
    try {
      manifest = RunManifest.read(new Path(directory), conf);
    } catch (UserException e) {
      return TokenView.none(run, e.getMessage());
    }
    if (manifest.isEmpty()) {
      return TokenView.none(run, "its profile is not in " + directory + " any more");
    }
    if (!manifest.get().path("run_id").asText().equals(run.id())) {
      return TokenView.none(run, directory + " holds another run by now");
    }
    return view(run, directory);
  }

  private TokenView view(ReportRun run, String directory) {
    Dataset<Row> tokens;
    try {
      tokens = TokenRatiosTable.read(spark, new Path(directory, TokenRatiosTable.NAME).toString());
    } catch (UserException e) {
      return TokenView.none(run, e.getMessage());
    }
    if (docId.isEmpty()) {
      docId = chosen(tokens);
      if (docId.isEmpty()) {
        return TokenView.none(run, directory + " holds no tokens");
      }
    }
    return document(tokens, docId.get())
        .map(document -> TokenView.of(run, document))
        .orElseGet(
            () -> TokenView.none(run, directory + " has no document " + docId.orElseThrow()));
  }

  /** The first document with enough tokens, else the longest. */
  private static Optional<String> chosen(Dataset<Row> tokens) {
    Dataset<Row> lengths = tokens.groupBy("doc_id").count();
    List<Row> first =
        lengths
            .orderBy(
                functions.least(col("count"), functions.lit(ENOUGH_TOKENS)).desc(), col("doc_id"))
            .limit(1)
            .collectAsList();
    return first.stream().map(row -> row.getString(0)).findFirst();
  }

  private static Optional<Document> document(Dataset<Row> tokens, String docId) {
    List<String> measures =
        TokenRatiosTable.measureColumns(tokens.schema()).stream()
            .filter(column -> column.endsWith("_ratio"))
            .toList();
    List<Column> columns = new ArrayList<>();
    List.of("token", "window", "position", "is_special").forEach(name -> columns.add(col(name)));
    measures.forEach(name -> columns.add(col(name)));
    List<Row> rows =
        tokens
            .where(col("doc_id").equalTo(docId))
            .select(columns.toArray(Column[]::new))
            .orderBy("window", "position")
            .limit(MAX_TOKENS + 1)
            .collectAsList();
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    List<Row> shown = rows.subList(0, Math.min(rows.size(), MAX_TOKENS));
    Map<String, List<List<Float>>> ratios = new LinkedHashMap<>();
    for (String measure : measures) {
      ratios.put(
          measure.replaceFirst("_ratio$", ""),
          shown.stream()
              .map(row -> List.copyOf(row.<Float>getList(row.fieldIndex(measure))))
              .toList());
    }
    return Optional.of(
        new Document(docId, tokens(spelling(tokens), shown), ratios, rows.size() > MAX_TOKENS));
  }

  private static Spelling spelling(Dataset<Row> tokens) {
    return Spelling.of(
        tokens
            .select("token")
            .where("token is not null")
            .limit(SPELLING_SAMPLE)
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList());
  }

  private static List<Token> tokens(Spelling spelling, List<Row> rows) {
    List<String> pieces =
        rows.stream().map(row -> row.isNullAt(0) ? "" : row.getString(0)).toList();
    List<String> texts = TokenTexts.of(spelling, pieces);
    List<Token> tokens = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      tokens.add(new Token(texts.get(i), row.getInt(1), row.getInt(2), row.getBoolean(3)));
    }
    return tokens;
  }
}
