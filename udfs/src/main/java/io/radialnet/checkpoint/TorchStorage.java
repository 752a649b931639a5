package io.radialnet.checkpoint;

/**
 * A stretch of elements in a file of torch.save, which one or several tensors view.
 *
 * @param key names it within its file
 * @param type of its elements
 * @param elements how many it has
 */
record TorchStorage(String key, StorageType type, long elements) {

  /** Size in bytes; cannot overflow, since the count was bounded when it was read. */
  long bytes() {
    return elements * type.bytes();
  }
}
