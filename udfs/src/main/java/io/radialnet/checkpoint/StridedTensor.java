package io.radialnet.checkpoint;

import java.util.List;
import java.util.stream.LongStream;

/**
 * A tensor as torch.save describes it: a view of a storage. The element at (i, j, …) is number
 * offset + i * strides[0] + j * strides[1] + … of the storage.
 *
 * @param storage what it views; several tensors may view the same
 * @param offset of the first element, in elements
 * @param sizes of the dimensions
 * @param strides one for each dimension, in elements
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and the arrays are not shared.
record StridedTensor(TorchStorage storage, long offset, long[] sizes, long[] strides) {

  /** What is wrong with it, or null: it must lie within its storage and not repeat its elements. */
  String problem() {
    if (sizes.length != strides.length) {
      return String.format("has %d sizes and %d strides", sizes.length, strides.length);
    }
    if (offset < 0 || anyNegative(sizes) || anyNegative(strides)) {
      return "has a negative offset, size or stride";
    }
    try {
      if (offset > storage.elements() || (elements() > 0 && last() >= storage.elements())) {
        return "reaches beyond the " + storage.elements() + " elements of its storage";
      }
      if (elements() > storage.elements()) {
        return String.format(
            "repeats elements: it has %d, its storage %d", elements(), storage.elements());
      }
    } catch (ArithmeticException e) {
      return "has more than 2^63 elements";
    }
    return null;
  }

  private static boolean anyNegative(long[] values) {
    return LongStream.of(values).anyMatch(value -> value < 0);
  }

  List<Long> shape() {
    return LongStream.of(sizes).boxed().toList();
  }

  long elements() {
    // A zero anywhere makes an empty tensor, even where the other sizes would overflow.
    return LongStream.of(sizes).anyMatch(size -> size == 0)
        ? 0
        : LongStream.of(sizes).reduce(1, Math::multiplyExact);
  }

  /** The largest element number that a tensor with elements views. */
  long last() {
    long last = offset;
    for (int i = 0; i < sizes.length; i++) {
      last = Math.addExact(last, Math.multiplyExact(sizes[i] - 1, strides[i]));
    }
    return last;
  }

  /** Whether its elements lie side by side in row-major order. */
  boolean isContiguous() {
    long expected = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      if (sizes[i] != 1 && strides[i] != expected) {
        return false;
      }
      expected *= sizes[i];
    }
    return true;
  }
}
