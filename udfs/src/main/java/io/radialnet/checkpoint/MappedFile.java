package io.radialnet.checkpoint;

import io.radialnet.error.UserException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A weight file of any size, read and memory-mapped piece by piece. All buffers are little-endian.
 *
 * <p>Thread-safe. Mapped buffers stay valid after {@link #close()}; the garbage collector unmaps
 * them. A file must not be cut short while buffers of it are in use: the JVM answers an access
 * beyond the end with an {@link InternalError}.
 */
final class MappedFile implements Closeable {

  private final Path path;
  private final long bytes;
  private FileChannel channel; // guarded by this
  private boolean closed; // guarded by this

  private MappedFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.bytes = channel.size();
  }

  /**
   * Opens a file.
   *
   * @throws UserException if it cannot be read
   */
  static MappedFile open(Path path) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      return new MappedFile(path, channel);
    } catch (IOException e) {
      if (channel != null) {
        closeQuietly(channel, e);
      }
      throw unreadable(path, e);
    }
  }

  Path path() {
    return path;
  }

  /** The file's size when it was opened. */
  long bytes() {
    return bytes;
  }

  /**
   * Copies a range that lies in the file.
   *
   * @throws UserException if the file became shorter, or cannot be read
   */
  synchronized ByteBuffer read(long offset, int length) {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    try {
      FileChannel open = openChannel();
      while (buffer.hasRemaining()) {
        if (open.read(buffer, offset + buffer.position()) < 0) {
          throw Messages.corrupt(path, "it became shorter while it was read");
        }
      }
      return buffer.flip();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * Maps a range that lies in the file, read-only. Nothing is read here: pages come from disk when
   * the buffer is read.
   *
   * @throws UserException if the file changed since it was opened
   * @throws UncheckedIOException if the thread is interrupted
   */
  synchronized ByteBuffer map(long offset, long length) {
    try {
      FileChannel open = openChannel();
      if (open.size() != bytes) {
        throw UserException.of(
            "Cannot read " + path,
            "it had " + bytes + " bytes when it was opened and now has " + open.size(),
            "Leave a checkpoint unchanged while it is in use");
      }
      return open.map(MapMode.READ_ONLY, offset, length).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** Maps a tensor that lies in one piece in row-major order; see {@link WeightFile#map}. */
  List<ByteBuffer> map(TensorInfo tensor, long maxChunkBytes) {
    long chunkBytes = chunkRows(tensor, maxChunkBytes) * (tensor.bytes() / tensor.rows());
    List<ByteBuffer> chunks = new ArrayList<>();
    for (long done = 0; done < tensor.bytes(); done += chunkBytes) {
      chunks.add(map(tensor.fileOffset() + done, Math.min(chunkBytes, tensor.bytes() - done)));
    }
    return chunks;
  }

  /** How many rows of a tensor's first dimension make up a piece, at least 1. */
  long chunkRows(TensorInfo tensor, long maxChunkBytes) {
    long rowBytes = tensor.bytes() / tensor.rows();
    if (rowBytes > Integer.MAX_VALUE) {
      throw UserException.of(
          "Cannot read " + path,
          String.format(
              "one row of tensor '%s' with shape %s exceeds 2 GiB",
              tensor.name(), Messages.shape(tensor.shape())),
          "Split the tensor along its first dimension");
    }
    return Math.max(1, Math.min(maxChunkBytes, Integer.MAX_VALUE) / rowBytes);
  }

  private FileChannel openChannel() throws IOException {
    if (closed) {
      throw new IllegalStateException(path + " is closed");
    }
    if (!channel.isOpen()) {
      // The interrupt of a thread, such as a killed task, closes the channel it was using.
      channel = FileChannel.open(path, StandardOpenOption.READ);
    }
    return channel;
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void closeQuietly(FileChannel channel, Exception reason) {
    try {
      channel.close();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static RuntimeException unreadable(Path path, IOException e) {
    return Messages.isInterrupt(e)
        ? new UncheckedIOException(e)
        : UserException.of(
            "Cannot read " + path, Messages.reason(e), "Check the path and its permissions", e);
  }
}
