package io.radialnet.checkpoint;

import io.radialnet.error.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/**
 * Turns the path of a model, on any Hadoop file system, into a directory of this machine.
 *
 * <p>A local directory is used where it is. Any other is fetched once per machine into a cache that
 * all processes share: whoever comes first fetches, the others wait; an interrupted fetch leaves
 * nothing that looks finished; a checkpoint that changed at its origin is fetched anew; when the
 * cache grows over its limit, the least recently used models that no running process has asked for
 * are deleted.
 */
public final class CheckpointCache {

  private CheckpointCache() {}

  /**
   * Finds or fetches a model directory.
   *
   * <p>{@code models--org--name} of a Hugging Face hub cache means the snapshot of its refs/main.
   * Thread-safe. A fetched directory stays until this JVM ends.
   *
   * @param uri a directory as users write it; without a scheme it belongs to {@code fs.defaultFS}
   * @param conf names the file systems and how to reach them
   * @param cacheRoot local directory of the cache, created when the first model is fetched
   * @param maxBytes of all cached models; exceeded only by models in use at the same time
   * @return a local directory with config.json, whose {@link ModelConfig#name()} is that of the uri
   * @throws UserException if there is no model, it cannot be read, or it does not fit
   * @throws UncheckedIOException if the thread is interrupted, as when Spark kills a task
   */
  public static Path localDirectory(String uri, Configuration conf, Path cacheRoot, long maxBytes) {
    ModelLocation location = ModelLocation.find(uri, conf);
    return location.isLocal()
        ? location.localDirectory()
        : fetched(uri, location.needed(), cacheRoot, maxBytes);
  }

  private static Path fetched(String uri, ModelLocation location, Path cacheRoot, long maxBytes) {
    try {
      Path entry = new LockedCache(cacheRoot, maxBytes).entry(location);
      return entry.resolve(location.nameTail());
    } catch (LockedCache.NoRoomException e) {
      throw UserException.of(
          "Cannot fetch model " + uri + " into " + cacheRoot,
          e.getMessage(),
          "Raise the limit of the model cache, free space, or place the cache elsewhere",
          e);
    } catch (IOException e) {
      if (Messages.isInterrupt(e)) {
        throw new UncheckedIOException(e);
      }
      throw UserException.of(
          "Cannot fetch model " + uri + " into " + cacheRoot,
          Messages.reason(e),
          "Place the model cache on a disk that is writable and has space",
          e);
    }
  }
}
