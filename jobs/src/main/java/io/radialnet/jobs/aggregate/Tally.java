package io.radialnet.jobs.aggregate;

import java.util.function.BiConsumer;

/**
 * Collects the states of one kind of statistic over the windows of a shard. Sees the windows of a
 * document one after the other, then its end. Not thread-safe.
 */
interface Tally {

  /** What the time of adding windows counts as. */
  PassClock.Part part();

  /** Adds a window. */
  void add(WindowView view);

  /** Ends the document whose windows came before. */
  void endDocument();

  /** Bytes in memory, about. */
  long bytes();

  /** Hands over what was collected, between documents, and begins anew. */
  void flush(BiConsumer<StateKey, State> out);
}
