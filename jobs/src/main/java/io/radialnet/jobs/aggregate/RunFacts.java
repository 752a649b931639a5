package io.radialnet.jobs.aggregate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * A run as its row has it, or will. Stays on the driver.
 *
 * @param run what all tables say of it
 * @param hiddenSize numbers a token in the residual stream
 * @param modelFingerprint hash of the model's files
 * @param corpusFingerprint hash of the corpus; empty for a pool
 * @param sliceBy the kept columns whose values are slices
 * @param documents profiled
 * @param tokens profiled, special ones included
 * @param windows profiled
 * @param errors documents that could not be profiled
 * @param isPool whether it is a pool
 * @param aggregatedAt when its row was written
 */
record RunFacts(
    Run run,
    int hiddenSize,
    String modelFingerprint,
    Optional<String> corpusFingerprint,
    List<String> sliceBy,
    long documents,
    long tokens,
    long windows,
    long errors,
    boolean isPool,
    Instant aggregatedAt) {

  /** Of a profile that is being aggregated. */
  static RunFacts of(Profile profile, List<String> sliceBy, Instant now) {
    return new RunFacts(
        profile.run(),
        profile.manifest().path("hidden_size").asInt(1),
        profile.manifest().path("model_fingerprint").asText(),
        Optional.of(profile.manifest().path("corpus_fingerprint").asText()),
        sliceBy,
        profile.manifest().path("documents").asLong(),
        profile.manifest().path("tokens").asLong(),
        profile.manifest().path("windows").asLong(),
        profile.manifest().path("errors").asLong(),
        false,
        now);
  }

  /** Of a row of {@code runs}. */
  static RunFacts of(Row row) {
    Run run =
        new Run(
            row.getAs("run_id"),
            row.getAs("model"),
            row.getAs("family"),
            row.getAs("modality"),
            row.<Long>getAs("parameters"),
            row.<Integer>getAs("layers"),
            strings(row, "blocks"),
            strings(row, "members"));
    return new RunFacts(
        run,
        row.<Integer>getAs("hidden_size"),
        row.getAs("model_fingerprint"),
        Optional.ofNullable(row.getAs("corpus_fingerprint")),
        strings(row, "slice_by"),
        row.<Long>getAs("documents"),
        row.<Long>getAs("tokens"),
        row.<Long>getAs("windows"),
        row.<Long>getAs("errors"),
        row.<Boolean>getAs("is_pool"),
        row.<java.sql.Timestamp>getAs("aggregated_at").toInstant());
  }

  private static List<String> strings(Row row, String column) {
    return new ArrayList<>(row.getList(row.fieldIndex(column)));
  }

  /** Whether layers correspond: the models are of one family and shape. */
  boolean isComparableTo(RunFacts other) {
    return run.family().equals(other.run.family())
        && run.layers() == other.run.layers()
        && run.parameters() == other.run.parameters()
        && hiddenSize == other.hiddenSize
        && !run.id().equals(other.run.id())
        && !isPool
        && !other.isPool;
  }

  boolean isOfCorpusOf(RunFacts other) {
    return corpusFingerprint.isPresent()
        && Objects.equals(corpusFingerprint, other.corpusFingerprint);
  }
}
