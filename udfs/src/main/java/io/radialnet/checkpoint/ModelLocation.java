package io.radialnet.checkpoint;

import io.radialnet.error.UserException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * A model directory on any Hadoop file system: found, listed, and fetched file by file. Here {@code
 * Path} is Hadoop's.
 */
final class ModelLocation implements LockedCache.Content {

  private static final int COPY_BYTES = 1 << 20;

  private final String uri;
  private final FileSystem fileSystem;
  private final Path directory;
  private final SortedMap<String, FileStatus> files; // by name

  private ModelLocation(
      String uri, FileSystem fileSystem, Path directory, SortedMap<String, FileStatus> files) {
    this.uri = uri;
    this.fileSystem = fileSystem;
    this.directory = directory;
    this.files = files;
  }

  /**
   * Finds the directory with config.json that a user's path means: the path itself, or the current
   * snapshot of a hub cache's repository.
   *
   * @throws UserException if there is none or it cannot be read
   */
  static ModelLocation find(String uri, Configuration conf) {
    try {
      Path path = new Path(uri);
      FileSystem fileSystem = path.getFileSystem(conf);
      Path directory = fileSystem.makeQualified(path);
      checkDirectory(uri, fileSystem, directory);
      Path snapshot = currentSnapshot(uri, fileSystem, directory);
      ModelLocation location =
          new ModelLocation(uri, fileSystem, snapshot, list(fileSystem, snapshot));
      if (!location.files.containsKey(ModelConfig.FILE)) {
        throw ModelConfig.noConfig(uri);
      }
      return location;
    } catch (UnsupportedFileSystemException e) {
      throw UserException.of(
          "Cannot open model " + uri,
          Messages.reason(e),
          "Add the jar of this file system to Spark's --packages or --jars",
          e);
    } catch (IOException e) {
      throw unreadable(uri, e);
    } catch (IllegalArgumentException e) {
      throw UserException.of(
          "Cannot open model " + uri,
          "it is not a path: " + e.getMessage(),
          "Name a directory, local or of a Hadoop file system such as hdfs:// or s3a://",
          e);
    }
  }

  private static void checkDirectory(String uri, FileSystem fileSystem, Path directory)
      throws IOException {
    try {
      if (!fileSystem.getFileStatus(directory).isDirectory()) {
        throw UserException.of(
            "Cannot open model " + uri,
            "it is a file",
            "Name the directory with config.json and the weights");
      }
    } catch (FileNotFoundException e) {
      throw UserException.of(
          "Cannot open model " + uri,
          "there is no directory " + directory,
          remedyForAbsent(uri, fileSystem, directory),
          e);
    }
  }

  private static String remedyForAbsent(String uri, FileSystem fileSystem, Path directory)
      throws IOException {
    if (new Path(uri).toUri().getScheme() == null) {
      java.nio.file.Path local = java.nio.file.Path.of(uri).toAbsolutePath();
      if (Files.isDirectory(local)) {
        return "Write file:" + local + " for the local directory of that name";
      }
    }
    Path parent = directory.getParent();
    while (parent != null && !fileSystem.exists(parent)) {
      parent = parent.getParent();
    }
    boolean looksLikeHubName = uri.matches("[\\w-][\\w.-]*/[\\w.-]+") && !uri.endsWith("/");
    if (looksLikeHubName && !directory.getParent().equals(parent)) {
      return "Models are not downloaded by name: run 'hf download "
          + uri
          + " --local-dir DIR' and name DIR";
    }
    if (parent == null) {
      return "Check the path";
    }
    NavigableSet<String> neighbours = new TreeSet<>();
    for (FileStatus child : fileSystem.listStatus(parent)) {
      if (child.isDirectory()) {
        neighbours.add(child.getPath().getName());
      }
    }
    String holds = neighbours.isEmpty() ? "no directories" : Messages.listed(neighbours);
    return "Check the path; " + parent + " has " + holds;
  }

  /** The hub's models--org--name means its snapshot of refs/main, or the only one there is. */
  private static Path currentSnapshot(String uri, FileSystem fileSystem, Path directory)
      throws IOException {
    Path snapshots = new Path(directory, HubLayout.SNAPSHOTS);
    boolean isRepository =
        directory.getName().startsWith(HubLayout.REPOSITORY_PREFIX)
            && !fileSystem.exists(new Path(directory, ModelConfig.FILE))
            && fileSystem.exists(snapshots);
    if (!isRepository) {
      return directory;
    }
    NavigableSet<String> revisions = new TreeSet<>();
    for (FileStatus child : fileSystem.listStatus(snapshots)) {
      revisions.add(child.getPath().getName());
    }
    Path reference = new Path(directory, HubLayout.MAIN_REFERENCE);
    if (!fileSystem.exists(reference)) {
      if (revisions.size() == 1) {
        return new Path(snapshots, revisions.first());
      }
      throw UserException.of(
          "Cannot open model " + uri,
          "it has no " + HubLayout.MAIN_REFERENCE + " to choose among its snapshots",
          "Name one of the directories under " + snapshots + ": " + Messages.listed(revisions));
    }
    String revision;
    try (InputStream in = fileSystem.open(reference)) {
      revision = new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
    }
    if (!revisions.contains(revision)) {
      throw UserException.of(
          "Cannot open model " + uri,
          HubLayout.MAIN_REFERENCE + " names the snapshot '" + revision + "', which is not there",
          "Download the model again");
    }
    return new Path(snapshots, revision);
  }

  private static SortedMap<String, FileStatus> list(FileSystem fileSystem, Path directory)
      throws IOException {
    SortedMap<String, FileStatus> files = new TreeMap<>();
    for (FileStatus status : fileSystem.listStatus(directory)) {
      if (status.isFile()) {
        files.put(status.getPath().getName(), status);
      }
    }
    return files;
  }

  boolean isLocal() {
    return directory.toUri().getScheme().equals("file");
  }

  /** The directory itself, if it {@link #isLocal()}. */
  java.nio.file.Path localDirectory() {
    return java.nio.file.Path.of(directory.toUri());
  }

  /** The end of the path that {@link ModelConfig#name()} is read from. */
  java.nio.file.Path nameTail() {
    return HubLayout.tail(java.nio.file.Path.of(directory.toUri().getPath()));
  }

  /**
   * This location cut down to the files that running the model needs: json, txt and model files,
   * and of the weights those that {@link WeightFiles} chooses.
   *
   * @throws UserException if the directory has no complete weights
   */
  ModelLocation needed() {
    NavigableSet<String> weights =
        WeightFiles.locate(
                directory.toString(),
                files.keySet(),
                name -> fileSystem.open(files.get(name).getPath()))
            .names();
    Predicate<String> isNeeded =
        name ->
            weights.contains(name) || Stream.of(".json", ".txt", ".model").anyMatch(name::endsWith);
    SortedMap<String, FileStatus> needed = new TreeMap<>(files);
    needed.keySet().removeIf(isNeeded.negate());
    return new ModelLocation(uri, fileSystem, directory, needed);
  }

  /** Identifies the path and, by sizes and times of modification, the state of its files. */
  @Override
  public String key() {
    MessageDigest digest = Fingerprint.sha256();
    digest.update(directory.toString().getBytes(StandardCharsets.UTF_8));
    for (Map.Entry<String, FileStatus> file : files.entrySet()) {
      FileStatus status = file.getValue();
      String line =
          String.format("%n%s %d %d", file.getKey(), status.getLen(), status.getModificationTime());
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Fingerprint.hex(digest);
  }

  @Override
  public long bytes() {
    return files.values().stream().mapToLong(FileStatus::getLen).sum();
  }

  @Override
  public boolean isWholeIn(java.nio.file.Path entry) {
    java.nio.file.Path model = entry.resolve(nameTail());
    return files.entrySet().stream()
        .allMatch(
            file -> model.resolve(file.getKey()).toFile().length() == file.getValue().getLen());
  }

  @Override
  public void fetchInto(java.nio.file.Path entry) throws IOException {
    java.nio.file.Path model = Files.createDirectories(entry.resolve(nameTail()));
    for (Map.Entry<String, FileStatus> file : files.entrySet()) {
      copy(file.getValue(), model.resolve(file.getKey()));
    }
  }

  private void copy(FileStatus file, java.nio.file.Path target) throws IOException {
    try (InputStream in = openForCopy(file);
        FileChannel out =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[COPY_BYTES];
      int read;
      while ((read = read(in, buffer)) >= 0) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
      if (out.size() != file.getLen()) {
        throw UserException.of(
            "Cannot read model " + uri,
            String.format(
                "%s has %d bytes by its listing and gave %d",
                file.getPath(), file.getLen(), out.size()),
            "Leave a checkpoint unchanged while it is in use, and try again");
      }
      // Before the rename that declares the entry whole, or a power cut could leave it short.
      out.force(true);
    }
  }

  /** Reading fails as the model's failure, so that what else fails is the cache's. */
  private InputStream openForCopy(FileStatus file) {
    try {
      return fileSystem.open(file.getPath());
    } catch (IOException e) {
      throw unreadable(uri, e);
    }
  }

  private int read(InputStream in, byte[] buffer) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw unreadable(uri, e);
    }
  }

  private static RuntimeException unreadable(String uri, IOException e) {
    return Messages.isInterrupt(e)
        ? new UncheckedIOException(e)
        : UserException.of(
            "Cannot read model " + uri,
            Messages.reason(e),
            "Check the path, its permissions and that the file system is reachable",
            e);
  }
}
