package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.TokenRatiosReader;
import io.radialnet.jobs.table.TokenWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/**
 * Goes once through the file of a shard and hands over the states of all statistics: at its end,
 * and before, between documents, when they have grown beyond what a task may hold. Not thread-safe.
 */
final class ShardPass implements Iterator<Tuple2<StateKey, State>> {

  private static final double SHARE_OF_HEAP = 0.25;
  private static final int FEWEST_UNCHECKED = 40_000; // tokens: counting bytes is not for nothing
  private static final int NEW_TOKEN_BYTES = 500;

  private final TokenRatiosReader reader;
  private final List<LongAccumulator> tokensDone;
  private final long memoryBytes;
  private final long bytesAToken;
  private final WindowView view;
  private final PassClock clock = new PassClock();
  private final PassClock.Totals totals;
  private final List<Tally> tallies;
  private final Queue<Tuple2<StateKey, State>> states = new ArrayDeque<>();
  private String docId;
  private long unchecked; // tokens that may still come before the bytes are counted again
  private boolean finished;

  private ShardPass(
      PassPlan plan,
      TokenRatiosReader reader,
      List<LongAccumulator> tokensDone,
      PassClock.Totals totals) {
    this.reader = reader;
    this.tokensDone = List.copyOf(tokensDone);
    this.totals = totals;
    this.memoryBytes = memoryBytes();
    this.bytesAToken = bytesAToken(plan);
    this.view = new WindowView(plan);
    this.tallies = tallies(plan, clock);
  }

  /**
   * Opens a file; it is closed with the task.
   *
   * @param uri of the file
   * @param tokensDone counted up by tokens as they are read
   */
  static ShardPass open(
      PassPlan plan,
      String uri,
      Configuration conf,
      List<LongAccumulator> tokensDone,
      PassClock.Totals totals) {
    TokenRatiosReader reader =
        TokenRatiosReader.open(
            conf, new Path(URI.create(uri)), plan.sliceBy(), plan.measureColumns(), plan.layers());
    TaskCompletionListener closing = context -> close(reader);
    TaskContext.get().addTaskCompletionListener(closing);
    return new ShardPass(plan, reader, tokensDone, totals);
  }

  private static List<Tally> tallies(PassPlan plan, PassClock clock) {
    return List.of(
        new RatioTally(plan, clock),
        new TokenTally(plan),
        new LayerTally(plan),
        new VarianceTally(plan));
  }

  /** What a task may hold: its part of a quarter of the heap. */
  private static long memoryBytes() {
    Runtime runtime = Runtime.getRuntime();
    int tasks = SparkEnv.get().conf().getInt("spark.executor.cores", runtime.availableProcessors());
    return (long) (SHARE_OF_HEAP * runtime.maxMemory() / tasks);
  }

  /** What a token may add to the tallies at most, about: buffers that double, and a new token. */
  private static long bytesAToken(PassPlan plan) {
    int sketches = 2 + plan.sliceBy().size(); // of its type, of its position, of each slice
    return NEW_TOKEN_BYTES + 2L * Float.BYTES * sketches * plan.cells();
  }

  private static void close(TokenRatiosReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean hasNext() {
    while (states.isEmpty() && !finished) {
      TaskContext.get().killTaskIfInterrupted();
      clock.resume();
      advance();
    }
    return !states.isEmpty();
  }

  @Override
  public Tuple2<StateKey, State> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return states.remove();
  }

  private void advance() {
    if (!reader.next()) {
      endDocument();
      flush();
      clock.tell(totals);
      finished = true;
      return;
    }
    TokenWindow window = reader.window();
    if (!window.docId().equals(docId)) {
      endDocument();
      docId = window.docId();
    }
    view.show(window);
    clock.lap(PassClock.Part.READ);
    for (Tally tally : tallies) {
      tally.add(view);
      clock.lap(tally.part());
    }
    tokensDone.forEach(counter -> counter.add(window.tokens()));
    unchecked -= window.tokens();
  }

  private void endDocument() {
    if (docId == null) {
      return;
    }
    tallies.forEach(Tally::endDocument);
    clock.lap(PassClock.Part.DOCUMENTS);
    if (unchecked <= 0) {
      long bytes = tallies.stream().mapToLong(Tally::bytes).sum();
      if (bytes > memoryBytes) {
        flush();
        bytes = 0;
      }
      unchecked = Math.max(FEWEST_UNCHECKED, (memoryBytes - bytes) / bytesAToken);
    }
  }

  private void flush() {
    tallies.forEach(tally -> tally.flush((key, state) -> states.add(new Tuple2<>(key, state))));
    clock.lap(PassClock.Part.STATES);
  }
}
