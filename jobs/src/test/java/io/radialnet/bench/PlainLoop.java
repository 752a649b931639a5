package io.radialnet.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.radialnet.jobs.table.ProfiledWindow;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.jobs.table.TokenRatiosWriter;
import io.radialnet.probe.ProbePlan;
import io.radialnet.runtime.BatchProfiler;
import io.radialnet.runtime.LoadedModel;
import io.radialnet.runtime.ModelCache.Lease;
import io.radialnet.runtime.ModelInfo;
import io.radialnet.runtime.ModelSpec;
import io.radialnet.runtime.Models;
import io.radialnet.runtime.WindowMeasures;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Float32Products;
import io.radialnet.text.Batches;
import io.radialnet.text.Window;
import io.radialnet.text.Windows;
import io.radialnet.text.Windows.SpecialTokens;
import io.radialnet.transformer.Blueprint.Head;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What {@code profile} computes and writes, in one thread and without Spark: the same shards,
 * batches and files. For corpora of whose shards none exceeds what a task holds back, 32 batches.
 */
final class PlainLoop {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String model;
  private final java.nio.file.Path corpus;
  private final Path table;
  private final ElementType dtype;
  private final ProbePlan probe;
  private final int shards;
  private final int batchTokens;
  private final Configuration conf = new Configuration();

  /**
   * @param corpus a JSON Lines file whose documents have a doc_id
   */
  PlainLoop(
      String model,
      java.nio.file.Path corpus,
      java.nio.file.Path out,
      ElementType dtype,
      ProbePlan probe,
      int shards,
      int batchTokens) {
    this.model = model;
    this.corpus = corpus;
    this.table = new Path(out.resolve(TokenRatiosTable.NAME).toUri());
    this.dtype = dtype;
    this.probe = probe;
    this.shards = shards;
    this.batchTokens = batchTokens;
  }

  /** Loads the model, runs everything and lets the model go; returns the number of tokens. */
  long run() throws IOException {
    ModelInfo info = Models.inspect(model, Head.UNUSED, conf);
    int length = info.positions();
    ModelSpec spec =
        new ModelSpec(
            model, info.fingerprint(), dtype, Float32Products.FLOAT32, Head.UNUSED, length);
    long tokens = 0;
    try (Lease<LoadedModel> lease = Models.acquire(spec, "cpu", conf)) {
      List<Map<String, String>> documents = documentsByShard();
      for (int shard = 0; shard < shards; shard++) {
        tokens += profile(shard, documents.get(shard), lease.model(), length);
      }
    } finally {
      Models.closeIdle();
    }
    return tokens;
  }

  /** Texts by document id, in order, of each shard. */
  private List<Map<String, String>> documentsByShard() throws IOException {
    List<Map<String, String>> byShard = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      byShard.add(new TreeMap<>());
    }
    try (Stream<String> lines = Files.lines(corpus)) {
      for (String line : (Iterable<String>) lines::iterator) {
        var document = JSON.readTree(line);
        String docId = document.path("doc_id").asText();
        CRC32C hash = new CRC32C();
        hash.update(docId.getBytes(StandardCharsets.UTF_8));
        int shard = (int) (hash.getValue() % shards);
        byShard.get(shard).put(docId, document.path("text").asText());
      }
    }
    return byShard;
  }

  private long profile(int shard, Map<String, String> texts, LoadedModel loaded, int length) {
    Windows windows = new Windows(loaded.tokenizer(), SpecialTokens.ADDED, length);
    BatchProfiler profiler = new BatchProfiler(loaded.transformer(), probe, Head.UNUSED);
    List<Pending> pending = new ArrayList<>();
    texts.forEach(
        (docId, text) -> {
          for (Window window : windows.of(loaded.tokenizer().encode(text))) {
            pending.add(new Pending(docId, window));
          }
        });
    for (List<Pending> batch :
        Batches.ofSimilarLength(pending, one -> one.window.length(), batchTokens)) {
      List<WindowMeasures> measured =
          profiler.profile(batch.stream().map(one -> one.window.tokenIds()).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).measures = measured.get(i);
      }
    }
    int layers = loaded.transformer().architecture().layers();
    Path file = TokenRatiosTable.shardFile(table, shard);
    try (TokenRatiosWriter writer =
        TokenRatiosWriter.open(conf, file, SampleWindows.SCHEMA, layers)) {
      pending.forEach(one -> writer.write(one.row()));
      writer.commit(Map.of());
    }
    return pending.stream().mapToLong(one -> one.window.length()).sum();
  }

  /** A window and, once it is measured, its numbers. */
  private static final class Pending {
    private final String docId;
    private final Window window;
    private WindowMeasures measures;

    Pending(String docId, Window window) {
      this.docId = docId;
      this.window = window;
    }

    ProfiledWindow row() {
      return new ProfiledWindow(
          docId,
          window.index(),
          new Object[0],
          window.tokenIds(),
          window.tokens(),
          window.special(),
          window.docPositions(),
          measures.columns(),
          null);
    }
  }
}
