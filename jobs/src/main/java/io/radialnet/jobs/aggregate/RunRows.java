package io.radialnet.jobs.aggregate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.options.AggregateOptions;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.provenance.Versions;
import io.radialnet.jobs.table.RunsTable;
import io.radialnet.jobs.table.TableRow;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** Rows of {@code runs}. */
final class RunRows {

  private final AggregateOptions options;
  private final Headlines headlines;

  RunRows(AggregateOptions options, Headlines headlines) {
    this.options = options;
    this.headlines = headlines;
  }

  /**
   * The rows of some runs, of which the headlines are.
   *
   * @param profiles those of the runs that are no pool
   */
  List<Row> of(List<Profile> profiles, List<RunFacts> runs) {
    Map<String, Profile> byId = new HashMap<>();
    profiles.forEach(profile -> byId.put(profile.run().id(), profile));
    List<Row> rows = new ArrayList<>();
    for (RunFacts facts : runs) {
      TableRow row = row(facts);
      if (!facts.isPool()) {
        setProfile(row, byId.get(facts.run().id()));
      }
      rows.add(row.build());
    }
    return rows;
  }

  private TableRow row(RunFacts facts) {
    Run run = facts.run();
    return run.row(RunsTable.TABLE)
        .set("family", run.family())
        .set("modality", run.modality())
        .set("parameters", run.parameters())
        .set("layers", run.layers())
        .set("hidden_size", facts.hiddenSize())
        .set("model_fingerprint", facts.modelFingerprint())
        .set("corpus_fingerprint", facts.corpusFingerprint().orElse(null))
        .strings("blocks", run.blocks())
        .strings("slice_by", facts.sliceBy())
        .set("documents", facts.documents())
        .set("tokens", facts.tokens())
        .set("windows", facts.windows())
        .set("errors", facts.errors())
        .set("unusable_ratios", headlines.unusable(run.id()))
        .strings("members", run.members())
        .set("is_pool", facts.isPool())
        .set("bootstrap", options.bootstrap())
        .set("seed", options.seed())
        .set("versions", versions())
        .set("aggregated_at", Timestamp.from(facts.aggregatedAt()));
  }

  private static void setProfile(TableRow row, Profile profile) {
    ObjectNode manifest = profile.manifest();
    row.number("seconds", manifest.path("seconds").path("total").asDouble(Double.NaN))
        .number("tokens_per_second", manifest.path("tokens_per_second").asDouble(Double.NaN))
        .set("peak_memory_bytes", manifest.path("peak_memory_bytes").asLong())
        .set("profile", profile.directory())
        .set("run_json", RunManifest.oneLine(manifest));
  }

  private static String versions() {
    ObjectNode versions = RunManifest.newObject();
    Versions.all().forEach(versions::put);
    return RunManifest.oneLine(versions);
  }
}
