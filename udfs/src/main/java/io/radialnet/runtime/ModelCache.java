package io.radialnet.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.BiFunction;

/**
 * The models of this process: one per model and device, loaded once under a lock and shared by all
 * tasks. A model in use is never closed; idle ones are, least recently used first, when there are
 * more than the capacity. Thread-safe.
 *
 * @param <K> what identifies a model on a device
 * @param <M> a loaded model
 */
public final class ModelCache<K, M extends AutoCloseable> implements AutoCloseable {

  private final int capacity;
  private final BiFunction<K, String, M> loader;
  private final Map<Key<K>, Slot<M>> slots = new HashMap<>();
  private long clock;

  /**
   * @param capacity models held while idle, at least 1
   * @param loader loads a model on a device of a name
   */
  public ModelCache(int capacity, BiFunction<K, String, M> loader) {
    this.capacity = capacity;
    this.loader = loader;
  }

  /** Borrows a model, loading it when it is not here. Other models stay available meanwhile. */
  public Lease<M> acquire(K model, String device) {
    Slot<M> slot = reserve(new Key<>(model, device));
    try {
      synchronized (slot) {
        if (slot.model == null) {
          slot.model = loader.apply(model, device);
        }
      }
      return new Lease<>(this, slot);
    } catch (RuntimeException | Error e) {
      release(slot);
      throw e;
    }
  }

  private synchronized Slot<M> reserve(Key<K> key) {
    Slot<M> slot = slots.computeIfAbsent(key, k -> new Slot<>());
    slot.borrowers++;
    slot.lastUse = ++clock;
    closeIdle(capacity);
    return slot;
  }

  private synchronized void release(Slot<M> slot) {
    slot.borrowers--;
    slot.lastUse = ++clock;
    closeIdle(capacity);
  }

  /** Closes idle models, least recently used first, until at most this many are left. */
  private void closeIdle(int remaining) {
    while (slots.size() > remaining) {
      Entry<Key<K>, Slot<M>> oldest = null;
      for (Entry<Key<K>, Slot<M>> entry : slots.entrySet()) {
        Slot<M> slot = entry.getValue();
        if (slot.borrowers == 0 && (oldest == null || slot.lastUse < oldest.getValue().lastUse)) {
          oldest = entry;
        }
      }
      if (oldest == null) {
        return;
      }
      slots.remove(oldest.getKey());
      oldest.getValue().close();
    }
  }

  /** How many models are here, in use or idle. */
  public synchronized int size() {
    return slots.size();
  }

  /** Closes every model that nobody uses. */
  @Override
  public synchronized void close() {
    closeIdle(0);
  }

  private record Key<K>(K model, String device) {}

  private static final class Slot<M extends AutoCloseable> {
    private int borrowers;
    private long lastUse;
    private M model;

    private void close() {
      if (model == null) {
        return;
      }
      try {
        model.close();
      } catch (Exception e) {
        throw new IllegalStateException("a model could not be closed", e);
      }
    }
  }

  /** A borrowed model, to be closed by the borrower: it stays loaded until then, and may after. */
  public static final class Lease<M extends AutoCloseable> implements AutoCloseable {
    private final ModelCache<?, M> cache;
    private final Slot<M> slot;
    private boolean returned;

    private Lease(ModelCache<?, M> cache, Slot<M> slot) {
      this.cache = cache;
      this.slot = slot;
    }

    /** The model. Not to be kept beyond this lease. */
    public M model() {
      return slot.model;
    }

    /** Gives the model back; more than once does nothing more. */
    @Override
    public void close() {
      synchronized (this) {
        if (returned) {
          return;
        }
        returned = true;
      }
      cache.release(slot);
    }
  }
}
