package io.radialnet.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * What tests share that is made in a directory of its own under {@code target}, for the first test
 * of this JVM that asks; deleted when JUnit closes its store.
 */
final class MadeOnce implements AutoCloseable {

  private final Path directory;
  private final Object made;

  /** Makes something in an empty directory. */
  interface Maker<T> {
    T make(Path directory) throws IOException, InterruptedException;
  }

  private MadeOnce(Class<?> type, Maker<?> maker) {
    try {
      directory =
          Files.createTempDirectory(
              Files.createDirectories(Path.of("target").toAbsolutePath()),
              type.getSimpleName() + "-");
      made = maker.make(directory);
    } catch (IOException e) {
      throw new IllegalStateException("cannot make " + type.getSimpleName(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while making " + type.getSimpleName(), e);
    }
  }

  /** The one of its type in this JVM. */
  static <T> T of(Class<T> type, ExtensionContext context, Maker<T> maker) {
    MadeOnce once =
        context
            .getRoot()
            .getStore(Namespace.create(MadeOnce.class))
            .getOrComputeIfAbsent(type, key -> new MadeOnce(type, maker), MadeOnce.class);
    return type.cast(once.made);
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
