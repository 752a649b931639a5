package io.radialnet.jobs.routerdata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.corpus.CorpusFormat;
import io.radialnet.jobs.corpus.CorpusOptions;
import io.radialnet.jobs.corpus.CorpusScan;
import io.radialnet.jobs.options.RouterDataOptions;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.runtime.ModelInfo;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The profile that examples are drawn from, checked. Stays on the driver.
 *
 * @param directory what {@code profile} wrote
 * @param manifest its run.json
 * @param tokenRatios its table
 * @param sliceBy the kept column that the sample is spread over
 */
record ProfileInput(
    Path directory, ObjectNode manifest, Dataset<Row> tokenRatios, Optional<String> sliceBy) {

  private static final int MAX_DOMAINS = 200;
  private static final String TEXT = "text";
  private static final String DEFAULT_SLICE = "domain";

  /**
   * Opens a profile.
   *
   * @throws UserException when it is none, is not finished, lacks a ratio or the column to slice by
   */
  static ProfileInput open(SparkSession spark, RouterDataOptions options, Configuration conf) {
    Path directory = qualified(options.profile(), conf);
    ObjectNode manifest =
        RunManifest.read(directory, conf)
            .orElseThrow(() -> noProfile(directory, "it has no " + RunManifest.FILE_NAME));
    for (String key :
        List.of("run_id", "status", "model_fingerprint", "corpus_fingerprint", "deciding")) {
      if (!manifest.hasNonNull(key)) {
        throw noProfile(directory, "its " + RunManifest.FILE_NAME + " has no " + key);
      }
    }
    if (!manifest.path("status").asText().equals(RunManifest.COMPLETE)) {
      throw UserException.of(
          "Cannot make router examples of " + directory,
          "its run is not finished",
          "Run the same profile command again: it goes on where it was interrupted");
    }
    if (!manifest.path("modality").asText(TEXT).equals(TEXT)) {
      throw UserException.of(
          "Cannot make router examples of " + directory,
          "it is a profile of " + manifest.path("modality").asText(),
          "Name a profile of text, for this version makes examples of text only");
    }
    Dataset<Row> tokenRatios =
        TokenRatiosTable.read(spark, new Path(directory, TokenRatiosTable.NAME).toString());
    requireRatios(directory, tokenRatios);
    return new ProfileInput(
        directory, manifest, tokenRatios, sliceBy(options, directory, tokenRatios));
  }

  private static Path qualified(String directory, Configuration conf) {
    try {
      Path path = new Path(directory);
      return path.getFileSystem(conf).makeQualified(path);
    } catch (IOException | IllegalArgumentException e) {
      throw UserException.of(
          "Cannot read " + directory,
          String.valueOf(e.getMessage()),
          "Name a directory that profile wrote",
          e);
    }
  }

  private static UserException noProfile(Path directory, String reason) {
    return UserException.of(
        "Cannot make router examples of " + directory,
        reason,
        "Name a directory that profile wrote");
  }

  private static void requireRatios(Path directory, Dataset<Row> tokenRatios) {
    List<String> measures = TokenRatiosTable.measureColumns(tokenRatios.schema());
    if (!measures.containsAll(Candidates.MEASURES)) {
      throw UserException.of(
          "Cannot make router examples of " + directory,
          "it has " + String.join(", ", measures) + ", not both attn_ratio and mlp_ratio",
          "Profile with attn and mlp among --blocks and ratio among --measures");
    }
  }

  private static Optional<String> sliceBy(
      RouterDataOptions options, Path directory, Dataset<Row> tokenRatios) {
    List<String> kept = TokenRatiosTable.keptColumns(tokenRatios.schema());
    if (options.sliceBy().isEmpty() && !kept.contains(DEFAULT_SLICE)) {
      return Optional.empty();
    }
    String column = options.sliceBy().orElse(DEFAULT_SLICE);
    if (!kept.contains(column)) {
      throw UserException.of(
          "Cannot slice " + directory + " by '" + column + "'",
          kept.isEmpty() ? "it has no kept columns" : "its kept columns are " + kept,
          "Profile with --keep-columns " + column);
    }
    if (tokenRatios.select(column).distinct().limit(MAX_DOMAINS + 1).count() > MAX_DOMAINS) {
      throw UserException.of(
          "Cannot slice " + directory + " by '" + column + "'",
          "it has more than " + MAX_DOMAINS + " values",
          "Give --slice-by a column with fewer");
    }
    return Optional.of(column);
  }

  /**
   * Checks that the profile is of a model.
   *
   * @throws UserException if it is of another
   */
  void requireOf(ModelInfo model, String named) {
    String profiled = manifest.path("model_fingerprint").asText();
    if (!profiled.equals(model.fingerprint())) {
      throw UserException.of(
          "Cannot make router examples of " + directory + " with model " + named,
          "the profile is of another model, "
              + manifest.path("model").asText("of no name")
              + " (fingerprint "
              + shortened(profiled)
              + ", not "
              + shortened(model.fingerprint())
              + ")",
          "Name the model that was profiled, or profile this one");
    }
  }

  /**
   * Checks that the profile is of a corpus.
   *
   * @throws UserException if it is of another
   */
  void requireOf(CorpusScan corpus, String named) {
    String profiled = manifest.path("corpus_fingerprint").asText();
    if (!profiled.equals(corpus.fingerprint())) {
      throw UserException.of(
          "Cannot make router examples of " + directory + " with corpus " + named,
          "the profile is of another corpus, "
              + asked("corpus").orElse("of no name")
              + " (fingerprint "
              + shortened(profiled)
              + ", not "
              + shortened(corpus.fingerprint())
              + ")",
          "Name the corpus that was profiled, or profile this one");
    }
  }

  private static String shortened(String fingerprint) {
    return fingerprint.substring(0, Math.min(12, fingerprint.length()));
  }

  /** How the profile read its corpus. */
  CorpusOptions corpusOptions(String corpus) {
    return new CorpusOptions(
        List.of(corpus),
        CorpusFormat.valueOf(asked("format").orElse("auto").toUpperCase(Locale.ROOT)),
        asked("text-column").orElse("text"),
        asked("id-column"),
        asked("keep-columns").map(names -> List.of(names.split(","))).orElse(List.of()),
        asked("limit-docs").map(Long::parseLong).orElse(0L),
        asked("sample-fraction").map(Double::parseDouble).orElse(1.0));
  }

  /** What the profile was asked for; empty where it was not, or for nothing. */
  private Optional<String> asked(String option) {
    return Optional.ofNullable(manifest.path("options").get(option))
        .map(JsonNode::asText)
        .filter(value -> !value.isEmpty());
  }

  String runId() {
    return manifest.path("run_id").asText();
  }

  /** Into how many parts its corpus was cut. */
  int shards() {
    return manifest.path("deciding").path("shards").asInt();
  }

  /** Tokens of its longest windows. */
  int maxLength() {
    return manifest.path("deciding").path("max-length").asInt();
  }

  /** The type of weights and activations that it was measured in. */
  String dtype() {
    return manifest.path("deciding").path("dtype").asText();
  }

  /** Tokens in all its windows, special ones included. */
  long tokens() {
    return manifest.path("tokens").asLong();
  }

  /** Where its table is. */
  String table() {
    return new Path(directory, TokenRatiosTable.NAME).toString();
  }
}
