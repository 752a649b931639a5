package io.radialnet.jobs.profile;

import io.radialnet.jobs.corpus.Document;
import io.radialnet.jobs.shard.ProgressCounters;
import io.radialnet.jobs.table.DocumentError;
import io.radialnet.jobs.table.ErrorsWriter;
import io.radialnet.jobs.table.ProfiledWindow;
import io.radialnet.jobs.table.TokenRatiosWriter;
import io.radialnet.runtime.BatchProfiler;
import io.radialnet.runtime.BatchThreads;
import io.radialnet.runtime.LoadedModel;
import io.radialnet.runtime.WindowMeasures;
import io.radialnet.text.Batches;
import io.radialnet.text.TokenizedText;
import io.radialnet.text.Window;
import io.radialnet.text.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.TaskContext;

/**
 * Profiles the documents of one shard in order. Windows are held back until there are enough for
 * batches of similar length, then run and written in the order of the documents: memory is bounded
 * whatever a document's length, and batches depend on the documents alone.
 */
final class ShardProfiler {

  /** So many batches' worth of windows are held back. */
  private static final int BATCHES_HELD = 32;

  private final ShardPlan plan;
  private final LoadedModel model;
  private final BatchThreads threads;
  private final BatchProfiler profiler;
  private final Windows windows;
  private final ProgressCounters counters;
  private final TokenRatiosWriter rows;
  private final ErrorsWriter failures;
  private final Map<String, String> excluded;
  private final List<Pending> pending = new ArrayList<>();
  private long pendingTokens;
  private long documents;
  private long errors;
  private long tokens;
  private long characters;
  private long windowCount;
  private long tokenizeNanos;
  private long forwardNanos;
  private long writeNanos;

  /**
   * @param excluded documents known to fail, and why
   */
  ShardProfiler(
      ShardPlan plan,
      LoadedModel model,
      BatchThreads threads,
      ProgressCounters counters,
      TokenRatiosWriter rows,
      ErrorsWriter failures,
      Map<String, String> excluded) {
    this.plan = plan;
    this.model = model;
    this.threads = threads;
    this.profiler = new BatchProfiler(model.transformer(), plan.probe(), plan.model().head());
    this.windows =
        new Windows(model.tokenizer(), plan.specialTokens(), plan.model().contextLength());
    this.counters = counters;
    this.rows = rows;
    this.failures = failures;
    this.excluded = excluded;
  }

  /**
   * Runs all documents.
   *
   * @param inOrder by id, then by place in the corpus
   */
  ShardSummary run(List<Document> inOrder, double loadSeconds) {
    Map<String, Document> first = new HashMap<>();
    for (Document document : inOrder) {
      Document earlier = first.putIfAbsent(document.docId(), document);
      if (document.failure() != null) {
        fail(document, document.failure());
      } else if (earlier != null) {
        fail(document, "another document of this id stands at " + earlier.source());
      } else if (excluded.containsKey(document.docId())) {
        fail(document, excluded.get(document.docId()));
      } else {
        profile(document);
      }
      addCharacters(document);
    }
    flush();
    return new ShardSummary(
        documents,
        errors,
        tokens,
        windowCount,
        loadSeconds,
        tokenizeNanos / 1e9,
        forwardNanos / 1e9,
        writeNanos / 1e9,
        0);
  }

  private void addCharacters(Document document) {
    String text = document.text();
    int read = text == null ? 0 : text.codePointCount(0, text.length());
    characters += read;
    counters.characters().add(read);
  }

  private void fail(Document document, String reason) {
    failures.write(new DocumentError(document.docId(), document.source(), reason));
    errors++;
    counters.failures().add(1);
  }

  private void profile(Document document) {
    long start = System.nanoTime();
    TokenizedText text = model.tokenizer().encode(document.text());
    tokenizeNanos += System.nanoTime() - start;
    OptionalInt unknown = firstIdBeyondVocabulary(text);
    if (unknown.isPresent()) {
      fail(
          document,
          "token id "
              + unknown.getAsInt()
              + " is beyond the model's vocabulary of "
              + plan.vocabularySize());
      return;
    }
    documents++;
    int[] docPositions = docPositions(text);
    for (Window window : windows.of(text)) {
      pending.add(new Pending(document, window, docPositions));
      pendingTokens += window.length();
      if (pendingTokens >= (long) BATCHES_HELD * plan.batchTokens()) {
        flush();
      }
    }
  }

  /** The place of each of a document's tokens among those that are not special; -1 for these. */
  private static int[] docPositions(TokenizedText text) {
    int[] docPositions = new int[text.length()];
    int next = 0;
    for (int i = 0; i < docPositions.length; i++) {
      docPositions[i] = text.special()[i] ? -1 : next++;
    }
    return docPositions;
  }

  private OptionalInt firstIdBeyondVocabulary(TokenizedText text) {
    for (int id : text.ids()) {
      if (id >= plan.vocabularySize()) {
        return OptionalInt.of(id);
      }
    }
    return OptionalInt.empty();
  }

  /** Runs and writes what is held back. */
  private void flush() {
    measure();
    Map<String, String> failed = notFinite();
    if (!failed.isEmpty()) {
      takeBackProgress();
      throw new DocumentsFailed(failed);
    }
    long start = System.nanoTime();
    for (Pending one : pending) {
      rows.write(one.row());
      tokens += one.window.length();
      windowCount++;
    }
    writeNanos += System.nanoTime() - start;
    pending.clear();
    pendingTokens = 0;
  }

  private void takeBackProgress() {
    counters.tokens().add(-tokens - pendingTokens);
    counters.characters().add(-characters);
    counters.failures().add(-errors);
  }

  private void measure() {
    TaskContext.get().killTaskIfInterrupted();
    forwardNanos +=
        threads.run(
            model.transformer().device(),
            Batches.ofSimilarLength(pending, one -> one.window.length(), plan.batchTokens()),
            batch -> profiler.profile(batch.stream().map(one -> one.window.tokenIds()).toList()),
            this::keep);
  }

  private void keep(List<Pending> batch, List<WindowMeasures> measured) {
    TaskContext.get().killTaskIfInterrupted();
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).measures = measured.get(i);
      counters.tokens().add(batch.get(i).window.length());
    }
  }

  /** Documents of which some number is not finite, and which. */
  private Map<String, String> notFinite() {
    Map<String, String> failed = new HashMap<>();
    for (Pending one : pending) {
      OptionalInt column = one.measures.firstColumnNotFinite();
      String name = null;
      if (column.isPresent()) {
        name = plan.probe().columns().get(column.getAsInt());
      } else if (!hasFiniteSurprisal(one.measures)) {
        name = "surprisal";
      }
      if (name != null) {
        failed.putIfAbsent(
            one.document.docId(), name + " is not a finite number in window " + one.window.index());
      }
    }
    return failed;
  }

  /** The first token has none. */
  private static boolean hasFiniteSurprisal(WindowMeasures measures) {
    float[] surprisal = measures.surprisal();
    for (int i = 1; surprisal != null && i < surprisal.length; i++) {
      if (!Float.isFinite(surprisal[i])) {
        return false;
      }
    }
    return true;
  }

  /** A window that waits for its batch, then for its turn to be written. */
  private static final class Pending {
    private final Document document;
    private final Window window;
    private final int[] docPositions;
    private WindowMeasures measures;

    /**
     * @param docPositions of the whole document
     */
    Pending(Document document, Window window, int[] docPositions) {
      this.document = document;
      this.window = window;
      this.docPositions = docPositions;
    }

    ProfiledWindow row() {
      return new ProfiledWindow(
          document.docId(),
          window.index(),
          document.kept(),
          window.tokenIds(),
          window.tokens(),
          window.special(),
          Arrays.stream(window.docPositions()).map(at -> at < 0 ? at : docPositions[at]).toArray(),
          measures.columns(),
          measures.surprisal());
    }
  }

  /**
   * Documents whose numbers are not finite. Windows of them may be written already, so the shard is
   * to be run again without them.
   */
  static final class DocumentsFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, String> reasons;

    DocumentsFailed(Map<String, String> reasons) {
      super("documents failed", null, false, false);
      this.reasons = reasons;
    }

    /** Why, by document id. */
    Map<String, String> reasons() {
      return reasons;
    }
  }
}
