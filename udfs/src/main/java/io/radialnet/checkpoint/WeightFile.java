package io.radialnet.checkpoint;

import io.radialnet.error.UserException;
import java.io.Closeable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One file of weights in a format that is read: its tensors, checked when it is opened, so that
 * nobody who maps one later has to check anything.
 *
 * <p>Thread-safe. Buffers stay valid after {@link #close()}.
 */
interface WeightFile extends Closeable {

  Path file();

  /** The tensors by name, sorted. */
  Map<String, TensorInfo> tensors();

  /** Bytes of all tensors; what several tensors share counts once. */
  long tensorBytes();

  /**
   * One tensor, cut into pieces of whole rows of its first dimension.
   *
   * <p>Nothing is read here: pages come from disk when a buffer is read, and only this tensor's.
   *
   * @param maxChunkBytes the most bytes of a piece; a row longer than this is a piece of its own
   * @return read-only little-endian direct buffers, in order; none if the tensor has no elements
   * @throws UserException if the file changed since it was opened, or one row exceeds 2 GiB
   * @throws UncheckedIOException if the thread is interrupted
   * @throws IllegalArgumentException if there is no such tensor
   */
  List<ByteBuffer> map(String name, long maxChunkBytes);

  /** The tensor that a call of {@link #map} asks for, whose arguments this checks. */
  static TensorInfo requested(WeightFile file, String name, long maxChunkBytes) {
    TensorInfo tensor = file.tensors().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(file.file() + " has no tensor '" + name + "'");
    }
    if (maxChunkBytes <= 0) {
      throw new IllegalArgumentException("maxChunkBytes must be positive: " + maxChunkBytes);
    }
    return tensor;
  }

  @Override
  void close();
}
