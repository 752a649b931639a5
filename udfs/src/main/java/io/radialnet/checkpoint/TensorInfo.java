package io.radialnet.checkpoint;

import java.util.List;
import java.util.Objects;

/**
 * One tensor of a weight file: what the file says about it, checked against its size.
 *
 * @param name as the checkpoint spells it: {@code model.decoder.layers.0.fc1.weight}
 * @param type of the stored elements
 * @param shape row-major dimensions; empty for a scalar
 * @param fileOffset of the first element, from the start of the file
 * @param bytes of the whole tensor
 */
public record TensorInfo(
    String name, StorageType type, List<Long> shape, long fileOffset, long bytes) {

  public TensorInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    shape = List.copyOf(shape);
  }

  /** The shape in a fresh array. */
  public long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  /** Elements of all dimensions together; 1 for a scalar. */
  public long elements() {
    return bytes / type.bytes();
  }

  /** Size of the first dimension; 1 for a scalar. */
  long rows() {
    return shape.isEmpty() ? 1 : shape.get(0);
  }
}
