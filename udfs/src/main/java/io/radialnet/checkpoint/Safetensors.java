package io.radialnet.checkpoint;

import io.radialnet.error.UserException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One safetensors file, of any size: its header, and its tensors as memory-mapped buffers.
 *
 * <p>Thread-safe. Mapped buffers stay valid after {@link #close()}; the garbage collector unmaps
 * them. A file must not be cut short while buffers of it are in use: the JVM answers an access
 * beyond the end with an {@link InternalError}.
 */
public final class Safetensors implements WeightFile {

  private final MappedFile file;
  private final SafetensorsHeader header;

  private Safetensors(MappedFile file, SafetensorsHeader header) {
    this.file = file;
    this.header = header;
  }

  /**
   * Opens a file and checks its whole header.
   *
   * @throws UserException if the file cannot be read, is truncated or corrupt, or holds a tensor of
   *     a type that is not supported
   */
  public static Safetensors open(Path path) {
    MappedFile file = MappedFile.open(path);
    try {
      return new Safetensors(file, SafetensorsHeader.read(file));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public Path file() {
    return file.path();
  }

  @Override
  public Map<String, TensorInfo> tensors() {
    return header.tensors();
  }

  /** What the header holds under {@code __metadata__}; empty if nothing. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public long tensorBytes() {
    return tensors().values().stream().mapToLong(TensorInfo::bytes).sum();
  }

  @Override
  public List<ByteBuffer> map(String name, long maxChunkBytes) {
    TensorInfo tensor = WeightFile.requested(this, name, maxChunkBytes);
    return tensor.bytes() == 0 ? List.of() : file.map(tensor, maxChunkBytes);
  }

  @Override
  public void close() {
    file.close();
  }
}
