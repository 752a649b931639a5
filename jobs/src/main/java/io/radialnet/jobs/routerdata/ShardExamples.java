package io.radialnet.jobs.routerdata;

import io.radialnet.error.UserException;
import io.radialnet.jobs.shard.ProgressCounters;
import io.radialnet.jobs.table.RouterExample;
import io.radialnet.jobs.table.RouterExamplesWriter;
import io.radialnet.jobs.table.TokenRatiosReader;
import io.radialnet.jobs.table.TokenWindow;
import io.radialnet.router.RouterFeatures;
import io.radialnet.runtime.BatchFeatures;
import io.radialnet.runtime.BatchThreads;
import io.radialnet.runtime.LoadedModel;
import io.radialnet.runtime.ProcessMemory;
import io.radialnet.runtime.SampledWindow;
import io.radialnet.runtime.WindowFeatures;
import io.radialnet.text.Batches;
import io.radialnet.transformer.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.TaskContext;

/**
 * Makes the examples of one shard of a profile. Windows of which something is drawn are held back
 * until there are enough for batches of similar length, then run and written in the profile's
 * order; the others are not run. Not thread-safe. Dimensions: T tokens of a window, L layers, S
 * examples of a window, k numbers of the projection.
 */
final class ShardExamples {

  /** So many batches' worth of windows are held back. */
  private static final int BATCHES_HELD = 32;

  /** A mean difference of ratios beyond this is not that of rounding. */
  private static final double MAX_MEAN_DIFFERENCE = 0.02;

  private final ExamplePlan plan;
  private final Sample sample;
  private final LoadedModel model;
  private final BatchThreads threads;
  private final BatchFeatures features;
  private final ProgressCounters counters;
  private final RouterExamplesWriter rows;
  private final List<Pending> pending = new ArrayList<>();
  private final Map<Split, Long> documents = new EnumMap<>(Split.class);
  private final Map<Split, Long> examples = new EnumMap<>(Split.class);
  private Place place = new Place("", Split.TRAIN, 0);
  private long pendingTokens;
  private long tokens;
  private double largestDifference;
  private double sumOfDifferences;
  private long forwardNanos;
  private long writeNanos;

  ShardExamples(
      ExamplePlan plan,
      Sample sample,
      LoadedModel model,
      BatchThreads threads,
      ProgressCounters counters,
      RouterExamplesWriter rows) {
    this.plan = plan;
    this.sample = sample;
    this.model = model;
    this.threads = threads;
    this.features = new BatchFeatures(model.transformer(), plan.features());
    this.counters = counters;
    this.rows = rows;
  }

  ExampleSummary run(TokenRatiosReader windows, double loadSeconds) {
    while (windows.next()) {
      draw(windows.window());
      counters.tokens().add(windows.window().tokens());
      counters.characters().add(windows.window().tokens());
    }
    flush();
    requireSameRatios();
    return new ExampleSummary(
        documents,
        examples,
        tokens,
        largestDifference,
        loadSeconds,
        forwardNanos / 1e9,
        writeNanos / 1e9,
        ProcessMemory.peakResidentBytes().orElse(0));
  }

  private void draw(TokenWindow window) {
    Drawn drawn = new Drawn();
    String domain = plan.domain(window);
    int blocks = 2 * plan.layers();
    plan.candidates()
        .visit(
            window,
            (token, block, label, hash) -> {
              if (sample.plan().draws(domain, block, label, hash)) {
                drawn.add(token * blocks + block);
              }
            });
    if (drawn.count > 0) {
      requireWhole(window);
      pending.add(new Pending(window, domain, placeOf(window.docId()), drawn.examples()));
      pendingTokens += window.tokens();
      if (pendingTokens >= (long) BATCHES_HELD * plan.batchTokens()) {
        flush();
      }
    }
  }

  /** A window can be run only when all its tokens are known. */
  private void requireWhole(TokenWindow window) {
    for (int token = 0; token < window.tokens(); token++) {
      if (window.positions()[token] != token || window.tokenIds()[token] == TokenWindow.NO_TOKEN) {
        throw UserException.of(
            "Cannot make router examples of " + plan.tokenRatios(),
            "window "
                + window.window()
                + " of "
                + window.docId()
                + " has no token at position "
                + token,
            "Profile the corpus again");
      }
    }
  }

  /** Where a document goes; documents come one after the other. */
  private Place placeOf(String docId) {
    if (!place.docId().equals(docId)) {
      place = new Place(docId, Split.of(docId), Split.foldOf(docId));
      documents.merge(place.split(), 1L, Long::sum);
    }
    return place;
  }

  private record Place(String docId, Split split, int fold) {}

  /** Runs and writes what is held back. */
  private void flush() {
    TaskContext.get().killTaskIfInterrupted();
    forwardNanos +=
        threads.run(
            model.transformer().device(),
            Batches.ofSimilarLength(
                pending, one -> one.window.tokenIds().length, plan.batchTokens()),
            batch -> features.of(batch.stream().map(one -> one.window).toList()),
            ShardExamples::keep);
    long start = System.nanoTime();
    pending.forEach(this::write);
    writeNanos += System.nanoTime() - start;
    tokens += pendingTokens;
    pending.clear();
    pendingTokens = 0;
  }

  private static void keep(List<Pending> batch, List<WindowFeatures> computed) {
    TaskContext.get().killTaskIfInterrupted();
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).features = computed.get(i);
    }
  }

  private void write(Pending window) {
    if (!window.features.isFinite()) {
      throw UserException.of(
          "Cannot make router examples of " + plan.tokenRatios(),
          "a number of window "
              + window.index
              + " of "
              + window.place.docId()
              + " is not finite in "
              + plan.model().dtype(),
          "Run in the --dtype of the profile");
    }
    for (int i = 0; i < window.window.examples().length; i++) {
      RouterExample example = example(window, i);
      double difference = Math.abs(example.ratio() - window.features.ratios()[i]);
      largestDifference = Math.max(largestDifference, difference);
      sumOfDifferences += difference;
      rows.write(example);
    }
    examples.merge(window.place.split(), (long) window.window.examples().length, Long::sum);
  }

  private RouterExample example(Pending window, int index) {
    int blocks = 2 * plan.layers();
    int token = window.window.examples()[index] / blocks;
    int block = window.window.examples()[index] % blocks;
    int layer = block / 2;
    Block kind = block % 2 == 0 ? Block.ATTN : Block.MLP;
    int k = plan.features().projection();
    float[] inputs = window.features.inputs(); // (S, k + 1)
    int from = index * (k + 1);
    float ratio = window.ratios[token * blocks + block];
    boolean label = plan.candidates().isUnder(ratio);
    int previous = RouterFeatures.previousRatios(layer, kind, plan.inputs());
    return new RouterExample(
        window.place.docId(),
        window.domain,
        window.index,
        token,
        window.window.tokenIds()[token],
        layer,
        kind.column(),
        Arrays.copyOfRange(inputs, from, from + k),
        inputs[from + k],
        Arrays.copyOfRange(window.ratios, token * blocks, token * blocks + previous),
        sample.logFrequency(window.window.tokenIds()[token]),
        ratio,
        label,
        sample.weight(window.domain, block, label),
        window.place.split().column(),
        window.place.fold());
  }

  /** The model as it runs here gives the profile's ratios, or its stream is another one, too. */
  private void requireSameRatios() {
    long count = examples.values().stream().mapToLong(Long::longValue).sum();
    if (sumOfDifferences > MAX_MEAN_DIFFERENCE * count) {
      throw UserException.of(
          "Cannot make router examples of " + plan.tokenRatios(),
          String.format(
              Locale.ROOT,
              "the model gives other ratios than the profile has, by %.3f in the mean",
              sumOfDifferences / count),
          "Profile the corpus again with this version, and run in the same --dtype");
    }
  }

  /** What is drawn of one window, in the order of the visit. */
  private static final class Drawn {
    private int[] drawn = new int[64];
    private int count;

    void add(int example) {
      if (count == drawn.length) {
        drawn = Arrays.copyOf(drawn, 2 * count);
      }
      drawn[count++] = example;
    }

    int[] examples() {
      return Arrays.copyOf(drawn, count);
    }
  }

  /** A window that waits for its batch, then for its turn to be written. */
  private static final class Pending {
    private final int index;
    private final String domain;
    private final Place place;
    private final SampledWindow window;
    private final float[] ratios; // (T, 2 * L), in the order of the blocks
    private WindowFeatures features;

    /**
     * @param profiled copied, for the reader goes on
     */
    Pending(TokenWindow profiled, String domain, Place place, int[] examples) {
      this.index = profiled.window();
      this.domain = domain;
      this.place = place;
      this.window =
          new SampledWindow(Arrays.copyOf(profiled.tokenIds(), profiled.tokens()), examples);
      this.ratios = new float[profiled.tokens() * 2 * profiled.layers()];
      for (int i = 0; i < profiled.tokens() * profiled.layers(); i++) {
        ratios[2 * i] = profiled.measure(0)[i];
        ratios[2 * i + 1] = profiled.measure(1)[i];
      }
    }
  }
}
