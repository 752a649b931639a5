package io.radialnet.jobs.aggregate;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * What a tally knows of each token of the vocabulary, found by the token's id without a search:
 * every token of a corpus asks once. As large as the largest id. Not thread-safe.
 *
 * @param <S> what is known of a token
 */
final class Tokens<S> {

  private final Supplier<S> create;
  private Object[] states = {};
  private int count;

  Tokens(Supplier<S> create) {
    this.create = create;
  }

  /** The state of a token, a new one if there is none. */
  @SuppressWarnings("unchecked") // only create puts anything there
  S of(int id) {
    if (id >= states.length) {
      states = Arrays.copyOf(states, Math.max(id + 1, 2 * states.length));
    }
    S state = (S) states[id];
    if (state == null) {
      state = create.get();
      states[id] = state;
      count++;
    }
    return state;
  }

  int count() {
    return count;
  }

  @SuppressWarnings("unchecked")
  void forEach(BiConsumer<Integer, S> action) {
    for (int id = 0; id < states.length; id++) {
      if (states[id] != null) {
        action.accept(id, (S) states[id]);
      }
    }
  }

  /** Hands over all states, in buckets of many, and forgets them. */
  <B extends StatesByToken<S>> void flush(Supplier<B> empty, BiConsumer<Integer, B> out) {
    Map<Integer, B> buckets = new TreeMap<>();
    forEach(
        (id, state) ->
            buckets
                .computeIfAbsent(StatesByToken.bucketOf(id), bucket -> empty.get())
                .put(id, state));
    buckets.forEach(out);
    states = new Object[0];
    count = 0;
  }
}
