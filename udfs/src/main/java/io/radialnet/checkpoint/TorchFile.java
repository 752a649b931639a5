package io.radialnet.checkpoint;

import io.radialnet.error.UserException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One {@code pytorch_model.bin}: the state dict that torch.save wrote to it, as memory-mapped
 * buffers. Tensors may share a storage, begin within it, or be transposed: one whose elements do
 * not lie in row-major order is copied together piece by piece when its pieces are read.
 *
 * <p>Nothing that the file contains is executed; see {@link TensorUnpickler}.
 */
final class TorchFile implements WeightFile {

  private final MappedFile file;
  private final Map<String, StridedTensor> views;
  private final Map<String, TensorInfo> tensors;

  private TorchFile(MappedFile file, TorchContents contents) {
    this.file = file;
    this.views = contents.tensors();
    Map<String, TensorInfo> tensors = new TreeMap<>();
    views.forEach(
        (name, view) -> tensors.put(name, checked(name, view, contents.storageOffsets())));
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Opens a file and checks all that it says about its tensors.
   *
   * @throws UserException if the file cannot be read, is truncated or corrupt, or holds anything
   *     but tensors by name
   */
  static TorchFile open(Path path) {
    MappedFile file = MappedFile.open(path);
    try {
      return new TorchFile(file, TorchContents.read(file));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private TensorInfo checked(String name, StridedTensor view, Map<String, Long> storageOffsets) {
    String problem = view.problem();
    if (problem != null) {
      throw Messages.corrupt(file.path(), "tensor " + Messages.quoted(name) + " " + problem);
    }
    StorageType type = view.storage().type();
    return new TensorInfo(
        name,
        type,
        view.shape(),
        storageOffsets.get(view.storage().key()) + view.offset() * type.bytes(),
        view.elements() * type.bytes());
  }

  @Override
  public Path file() {
    return file.path();
  }

  @Override
  public Map<String, TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public long tensorBytes() {
    return views.values().stream().map(StridedTensor::storage).collect(Collectors.toSet()).stream()
        .mapToLong(TorchStorage::bytes)
        .sum();
  }

  @Override
  public List<ByteBuffer> map(String name, long maxChunkBytes) {
    TensorInfo tensor = WeightFile.requested(this, name, maxChunkBytes);
    if (tensor.bytes() == 0) {
      return List.of();
    }
    StridedTensor view = views.get(name);
    return view.isContiguous()
        ? file.map(tensor, maxChunkBytes)
        : new GatheredRows(file, tensor, view, maxChunkBytes);
  }

  @Override
  public void close() {
    file.close();
  }
}
