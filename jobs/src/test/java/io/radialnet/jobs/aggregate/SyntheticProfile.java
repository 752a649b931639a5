package io.radialnet.jobs.aggregate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.table.ProfiledWindow;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.jobs.table.TokenRatiosWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/**
 * A profile of chosen ratios, as {@code profile} would have written it. A document is one window,
 * its token {@code v} is spelt {@code v<id>}. Not thread-safe.
 */
public final class SyntheticProfile {

  private final String runId;
  private final int layers;
  private final List<ProfiledWindow> documents = new ArrayList<>();
  private String model = "synthetic";
  private long parameters = 1_000_000;
  private String corpus = "a corpus";
  private String status = RunManifest.COMPLETE;
  private List<String> blocks = List.of("attn", "mlp", "layer");
  private List<String> measures = List.of("ratio");
  private StructType kept = new StructType();
  private int shards = 3;

  private SyntheticProfile(String runId, int layers) {
    this.runId = runId;
    this.layers = layers;
  }

  /**
   * Begins a profile without documents.
   *
   * @param runId its run_id
   * @param layers L
   */
  public static SyntheticProfile of(String runId, int layers) {
    return new SyntheticProfile(runId, layers);
  }

  public SyntheticProfile model(String name, long numbers) {
    model = name;
    parameters = numbers;
    return this;
  }

  public SyntheticProfile corpus(String fingerprint) {
    corpus = fingerprint;
    return this;
  }

  public SyntheticProfile unfinished() {
    status = RunManifest.INCOMPLETE;
    return this;
  }

  public SyntheticProfile blocks(String... names) {
    blocks = List.of(names);
    return this;
  }

  public SyntheticProfile measures(String... names) {
    measures = List.of(names);
    return this;
  }

  public SyntheticProfile kept(StructType columns) {
    kept = columns;
    return this;
  }

  public SyntheticProfile shards(int count) {
    shards = count;
    return this;
  }

  /** What a document's measures are. */
  public interface Values {
    /** The value of a measure column (block by block, then measure by measure) of a token. */
    double at(int column, int token, int layer);
  }

  /** Adds a document of ordinary tokens. */
  public SyntheticProfile document(
      String docId, int[] tokenIds, Values values, Object... keptValues) {
    return document(docId, tokenIds, new boolean[tokenIds.length], values, keptValues);
  }

  /** Adds a document some of whose tokens are special. */
  public SyntheticProfile document(
      String docId, int[] tokenIds, boolean[] special, Values values, Object... keptValues) {
    int tokens = tokenIds.length; // T
    float[][] columns = new float[blocks.size() * measures.size()][tokens * layers];
    for (int column = 0; column < columns.length; column++) {
      for (int i = 0; i < tokens * layers; i++) {
        columns[column][i] = (float) values.at(column, i / layers, i % layers);
      }
    }
    int[] docPositions = new int[tokens];
    int next = 0;
    for (int token = 0; token < tokens; token++) {
      docPositions[token] = special[token] ? -1 : next++;
    }
    String[] spelt = Arrays.stream(tokenIds).mapToObj(id -> "v" + id).toArray(String[]::new);
    documents.add(
        new ProfiledWindow(
            docId, 0, keptValues, tokenIds, spelt, special, docPositions, columns, null));
    return this;
  }

  /** Writes it; returns the directory. */
  public Path write(Path directory) {
    documents.sort(
        Comparator.comparing(
            window -> window.docId().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
    Map<Integer, List<ProfiledWindow>> byShard = new HashMap<>();
    for (int i = 0; i < documents.size(); i++) {
      byShard.computeIfAbsent(i % shards, key -> new ArrayList<>()).add(documents.get(i));
    }
    StructType schema = TokenRatiosTable.schema(kept, blocks, measures);
    org.apache.hadoop.fs.Path table =
        new org.apache.hadoop.fs.Path(directory.resolve(TokenRatiosTable.NAME).toUri());
    byShard.forEach(
        (shard, windows) -> {
          try (TokenRatiosWriter writer =
              TokenRatiosWriter.open(
                  new Configuration(), TokenRatiosTable.shardFile(table, shard), schema, layers)) {
            windows.forEach(writer::write);
            writer.commit(Map.of());
          }
        });
    Samples.write(directory.resolve(RunManifest.FILE_NAME), List.of(manifest().toString()));
    return directory;
  }

  private ObjectNode manifest() {
    long tokens = documents.stream().mapToLong(window -> window.tokenIds().length).sum();
    ObjectNode manifest = RunManifest.newObject();
    manifest.put("run_id", runId).put("status", status).put("model", model).put("family", "opt");
    manifest.put("modality", "text").put("layers", layers).put("hidden_size", 64);
    manifest.put("parameters", parameters).put("model_fingerprint", "fingerprint of " + model);
    manifest.put("corpus_fingerprint", corpus).put("documents", documents.size());
    manifest.put("tokens", tokens).put("windows", documents.size()).put("errors", 0);
    manifest.putObject("seconds").put("total", 1.5);
    return manifest.put("tokens_per_second", 2.5).put("peak_memory_bytes", 3);
  }
}
