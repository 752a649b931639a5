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
import java.util.Map;

/**
 * One safetensors file, of any size: its header, and its tensors as memory-mapped buffers.
 *
 * <p>Thread-safe. Mapped buffers stay valid after {@link #close()}; the garbage collector unmaps
 * them. A file must not be cut short while buffers of it are in use: the JVM answers an access
 * beyond the end with an {@link InternalError}.
 */
public final class Safetensors implements Closeable {

  private final Path file;
  private final long fileBytes;
  private final SafetensorsHeader header;
  private FileChannel channel; // guarded by this
  private boolean closed; // guarded by this

  private Safetensors(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.fileBytes = channel.size();
    this.header = SafetensorsHeader.read(file, channel);
  }

  /**
   * Opens a file and checks its whole header.
   *
   * @throws UserException if the file cannot be read, is truncated or corrupt, or holds a tensor of
   *     a type that is not supported
   */
  public static Safetensors open(Path file) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
      return new Safetensors(file, channel);
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw unreadable(file, e);
    } catch (RuntimeException e) {
      closeQuietly(channel, e);
      throw e;
    }
  }

  public Path file() {
    return file;
  }

  /** The tensors by name, sorted. */
  public Map<String, TensorInfo> tensors() {
    return header.tensors();
  }

  /** What the header holds under {@code __metadata__}; empty if nothing. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * Maps one tensor, cut into pieces of whole rows of its first dimension.
   *
   * <p>Nothing is read here: pages come from disk when a buffer is read, and only this tensor's.
   *
   * @param maxChunkBytes the most bytes of a piece; a row longer than this is a piece of its own
   * @return read-only little-endian direct buffers, in order; none if the tensor has no elements
   * @throws UserException if the file changed since it was opened, or one row exceeds 2 GiB
   * @throws UncheckedIOException if the thread is interrupted
   * @throws IllegalArgumentException if there is no such tensor
   */
  public List<ByteBuffer> map(String name, long maxChunkBytes) {
    TensorInfo tensor = header.tensors().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(file + " has no tensor '" + name + "'");
    }
    if (maxChunkBytes <= 0) {
      throw new IllegalArgumentException("maxChunkBytes must be positive: " + maxChunkBytes);
    }
    if (tensor.bytes() == 0) {
      return List.of();
    }
    long chunkBytes = chunkBytes(tensor, maxChunkBytes);
    List<ByteBuffer> chunks = new ArrayList<>();
    for (long done = 0; done < tensor.bytes(); done += chunkBytes) {
      long bytes = Math.min(chunkBytes, tensor.bytes() - done);
      chunks.add(map(tensor.fileOffset() + done, bytes));
    }
    return chunks;
  }

  private long chunkBytes(TensorInfo tensor, long maxChunkBytes) {
    long rowBytes = tensor.bytes() / tensor.rows();
    if (rowBytes > Integer.MAX_VALUE) {
      throw UserException.of(
          "Cannot read " + file,
          String.format(
              "one row of tensor '%s' with shape %s exceeds 2 GiB",
              tensor.name(), Messages.shape(tensor.shape())),
          "Split the tensor along its first dimension");
    }
    long mappable = Math.min(maxChunkBytes, Integer.MAX_VALUE);
    return Math.max(1, mappable / rowBytes) * rowBytes;
  }

  private synchronized ByteBuffer map(long offset, long bytes) {
    if (closed) {
      throw new IllegalStateException(file + " is closed");
    }
    try {
      if (!channel.isOpen()) {
        // The interrupt of a thread, such as a killed task, closes the channel it was using.
        channel = FileChannel.open(file, StandardOpenOption.READ);
      }
      if (channel.size() != fileBytes) {
        throw UserException.of(
            "Cannot read " + file,
            "it had " + fileBytes + " bytes when it was opened and now has " + channel.size(),
            "Leave a checkpoint unchanged while it is in use");
      }
      return channel.map(MapMode.READ_ONLY, offset, bytes).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
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
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static RuntimeException unreadable(Path file, IOException e) {
    return Messages.isInterrupt(e)
        ? new UncheckedIOException(e)
        : UserException.of(
            "Cannot read " + file, Messages.reason(e), "Check the path and its permissions", e);
  }
}
