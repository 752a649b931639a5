package io.radialnet.checkpoint;

import java.nio.file.Path;

/**
 * The Hugging Face hub cache on disk: {@code models--org--name/snapshots/<revision>/config.json},
 * where {@code models--org--name/refs/main} holds the current revision and the files of a snapshot
 * are links into {@code models--org--name/blobs}.
 */
final class HubLayout {

  static final String REPOSITORY_PREFIX = "models--";
  static final String SNAPSHOTS = "snapshots";
  static final String MAIN_REFERENCE = "refs/main";

  private HubLayout() {}

  /** What users call the model: "org/name" for a snapshot of the hub, else the directory's name. */
  static String modelName(Path directory) {
    Path tail = tail(directory);
    String first = tail.getName(0).toString();
    return tail.getNameCount() == 1
        ? first
        : first.substring(REPOSITORY_PREFIX.length()).replace("--", "/");
  }

  /**
   * The last names of the path, as many as {@link #modelName} needs: three of a snapshot, or one.
   */
  static Path tail(Path directory) {
    Path path = directory.toAbsolutePath().normalize();
    int names = path.getNameCount();
    if (names == 0) {
      return Path.of("model");
    }
    boolean isSnapshot =
        names >= 3
            && path.getName(names - 2).toString().equals(SNAPSHOTS)
            && path.getName(names - 3).toString().startsWith(REPOSITORY_PREFIX);
    return path.subpath(names - (isSnapshot ? 3 : 1), names);
  }
}
