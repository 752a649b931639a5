package io.radialnet.checkpoint;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * A directory of fetched directories that the processes of one machine share.
 *
 * <p>Under the root, an entry is a directory named by its key; it appears by a rename, so what is
 * there is whole, and its time of modification says when it was last asked for. {@code KEY.partial}
 * is what is being fetched or deleted. Two lock files belong to every entry and are never deleted:
 * {@code KEY.fetch.lock}, held exclusively by the process that fetches or deletes it; {@code
 * KEY.use.lock}, held shared by every process that has used it, until that process ends. An entry
 * is deleted only under both.
 *
 * <p>POSIX releases the locks that a process has on a file as soon as the process closes any other
 * handle of that file. So a lock file held by this JVM is never opened again, nor are its times
 * set.
 *
 * <p>All caches of one JVM take turns: file locks belong to processes, not threads. So a second
 * fetch in the same JVM waits for the first.
 */
final class LockedCache {

  /** What an entry consists of, and how to bring it here. */
  interface Content {

    /** A file name that identifies the content. */
    String key();

    long bytes();

    /** Whether a directory holds all of it. */
    boolean isWholeIn(Path directory);

    /** Writes all of it into an empty directory. */
    void fetchInto(Path directory) throws IOException;
  }

  /** The content cannot fit, whatever is deleted. */
  static final class NoRoomException extends IOException {

    private static final long serialVersionUID = 1L;

    NoRoomException(String message) {
      super(message);
    }
  }

  private static final String PARTIAL = ".partial";
  private static final String FETCH_LOCK = ".fetch.lock";
  private static final String USE_LOCK = ".use.lock";

  private static final ReentrantLock JVM_TURN = new ReentrantLock();

  /** The use locks of this JVM, by file; held until it ends. Guarded by {@link #JVM_TURN}. */
  private static final Map<Path, FileLock> IN_USE = new HashMap<>();

  private final Path root;
  private final long maxBytes;

  /**
   * @param root created if absent
   * @param maxBytes of all entries; exceeded only while entries in use leave no choice
   */
  LockedCache(Path root, long maxBytes) throws IOException {
    // The real path, so that one file has one lock in this JVM however its root is spelled.
    this.root = Files.createDirectories(root).toRealPath();
    this.maxBytes = maxBytes;
  }

  /**
   * The directory that holds the content: there already, or fetched now while other processes that
   * want it wait. It is not deleted while this JVM runs.
   *
   * @throws NoRoomException if the content exceeds the cache's limit or the space on disk
   */
  Path entry(Content content) throws IOException {
    takeTurn();
    try {
      return entryInTurn(content);
    } finally {
      JVM_TURN.unlock();
    }
  }

  private static void takeTurn() throws IOException {
    try {
      JVM_TURN.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while waiting for another fetch");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private Path entryInTurn(Content content) throws IOException {
    String key = content.key();
    Path directory = root.resolve(key);
    FileChannel fetchLock = open(root.resolve(key + FETCH_LOCK));
    try {
      fetchLock.lock();
      if (!content.isWholeIn(directory)) {
        fetch(content, directory);
      }
      holdInUse(root.resolve(key + USE_LOCK));
      Files.setLastModifiedTime(directory, FileTime.from(Instant.now()));
      return directory;
    } finally {
      fetchLock.close();
    }
  }

  private void fetch(Content content, Path directory) throws IOException {
    discard(content.key());
    makeRoom(content);
    Path partial = Files.createDirectory(root.resolve(content.key() + PARTIAL));
    try {
      content.fetchInto(partial);
      Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      deleteTree(partial);
    }
  }

  private static void holdInUse(Path lockFile) throws IOException {
    if (!IN_USE.containsKey(lockFile)) {
      FileChannel channel = open(lockFile);
      try {
        // Does not wait: who would hold this exclusively needs the fetch lock first, which is ours.
        IN_USE.put(lockFile, channel.lock(0, Long.MAX_VALUE, /* shared= */ true));
      } finally {
        if (!IN_USE.containsKey(lockFile)) {
          channel.close();
        }
      }
    }
  }

  /** Deletes what interrupted fetches left, then the least recently used entries until it fits. */
  private void makeRoom(Content content) throws IOException {
    if (content.bytes() > maxBytes) {
      throw new NoRoomException(
          String.format(
              "it needs %s and the cache is limited to %s",
              Messages.megabytes(content.bytes()), Messages.megabytes(maxBytes)));
    }
    for (String key : keys(PARTIAL)) {
      discardUnlessBeingFetched(key);
    }
    List<String> leastRecentFirst = keys("");
    leastRecentFirst.sort(Comparator.comparing(this::lastUse));
    long occupied = sizeOf(root);
    for (String key : leastRecentFirst) {
      if (occupied + content.bytes() <= maxBytes && usableBytes() >= content.bytes()) {
        return;
      }
      long entryBytes = sizeOf(root.resolve(key));
      if (discardUnlessInUse(key)) {
        occupied -= entryBytes;
      }
    }
    if (usableBytes() < content.bytes()) {
      throw new NoRoomException(
          String.format(
              "it needs %s and the disk has %s left",
              Messages.megabytes(content.bytes()), Messages.megabytes(usableBytes())));
    }
  }

  private long usableBytes() throws IOException {
    return Files.getFileStore(root).getUsableSpace();
  }

  /** The keys whose directory of this suffix exists. */
  private List<String> keys(String suffix) throws IOException {
    List<String> keys = new ArrayList<>();
    try (Stream<Path> children = Files.list(root)) {
      children
          .filter(Files::isDirectory)
          .map(child -> child.getFileName().toString())
          .filter(name -> suffix.isEmpty() ? !name.endsWith(PARTIAL) : name.endsWith(suffix))
          .map(name -> name.substring(0, name.length() - suffix.length()))
          .forEach(keys::add);
    }
    return keys;
  }

  private FileTime lastUse(String key) {
    try {
      return Files.getLastModifiedTime(root.resolve(key));
    } catch (IOException e) {
      return FileTime.fromMillis(0); // another process has just deleted it
    }
  }

  private void discardUnlessBeingFetched(String key) throws IOException {
    try (FileChannel fetchLock = open(root.resolve(key + FETCH_LOCK))) {
      if (locks(fetchLock)) {
        deleteTree(root.resolve(key + PARTIAL));
      }
    }
  }

  private boolean discardUnlessInUse(String key) throws IOException {
    Path useLockFile = root.resolve(key + USE_LOCK);
    if (IN_USE.containsKey(useLockFile)) {
      return false;
    }
    try (FileChannel fetchLock = open(root.resolve(key + FETCH_LOCK));
        FileChannel useLock = open(useLockFile)) {
      if (!locks(fetchLock) || !locks(useLock)) {
        return false;
      }
      discard(key);
      return true;
    }
  }

  /** Takes the exclusive lock if nobody else has one; closing the channel releases it. */
  private static boolean locks(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // this JVM itself is fetching it
    }
  }

  /** Deletes an entry so that no half of it is ever seen under its name. */
  private void discard(String key) throws IOException {
    Path partial = root.resolve(key + PARTIAL);
    deleteTree(partial);
    if (Files.exists(root.resolve(key))) {
      Files.move(root.resolve(key), partial, StandardCopyOption.ATOMIC_MOVE);
      deleteTree(partial);
    }
  }

  private static FileChannel open(Path lockFile) throws IOException {
    return FileChannel.open(
        lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static void deleteTree(Path directory) throws IOException {
    if (Files.exists(directory)) {
      Files.walkFileTree(directory, new Deletion());
    }
  }

  private static long sizeOf(Path directory) throws IOException {
    Size size = new Size();
    Files.walkFileTree(directory, size);
    return size.bytes;
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }

  /** Adds up files while other processes may delete some of them. */
  private static final class Size extends SimpleFileVisitor<Path> {

    private long bytes;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      bytes += attributes.size();
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure)
        throws IOException {
      if (failure == null || failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }
}
