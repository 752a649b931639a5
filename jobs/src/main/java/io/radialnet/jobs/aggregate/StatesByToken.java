package io.radialnet.jobs.aggregate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The states of many tokens of the vocabulary as one: a shuffle of a state a token would spend its
 * time on keys and Java's serialization. Tokens are put together by {@link #bucketOf}.
 *
 * @param <S> what is known of a token
 */
abstract class StatesByToken<S> implements State {

  private static final long serialVersionUID = 1L;

  /** How many there are of a run, at most. */
  static final int BUCKETS = 256;

  private static final int SPREAD = 0x9E37_79B1; // odd, its bits in no order

  private final int blocks;
  private transient Map<Integer, S> states = new HashMap<>();

  StatesByToken(int blocks) {
    this.blocks = blocks;
  }

  /** Where a token belongs; not by its lowest bits, by which a bucket's map tells its tokens. */
  static int bucketOf(int tokenId) {
    return (tokenId * SPREAD) >>> (Integer.SIZE - Integer.numberOfTrailingZeros(BUCKETS));
  }

  final void put(int tokenId, S state) {
    states.put(tokenId, state);
  }

  final int blocks() {
    return blocks;
  }

  final Iterable<S> all() {
    return states.values();
  }

  final void forEach(BiConsumer<Integer, S> action) {
    states.forEach(action);
  }

  @Override
  @SuppressWarnings("unchecked") // State: of the same class
  public final StatesByToken<S> merge(State other) {
    ((StatesByToken<S>) other).states.forEach((id, state) -> states.merge(id, state, this::merge));
    return this;
  }

  abstract S merge(S a, S b);

  abstract void write(S state, DataOutput out) throws IOException;

  abstract S read(DataInput in) throws IOException;

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    out.writeInt(states.size());
    for (Map.Entry<Integer, S> entry : states.entrySet()) {
      out.writeInt(entry.getKey());
      write(entry.getValue(), out);
    }
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    states = new HashMap<>();
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      int id = in.readInt();
      states.put(id, read(in));
    }
  }
}
