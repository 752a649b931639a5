package io.radialnet.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.Seekable;

/**
 * The scheme "logged": local files as a remote file system, which writes the name of every file
 * that any process opens to a log, and fails where the configuration says.
 */
final class LoggingFileSystem extends RawLocalFileSystem {

  private static final String LOG = "logged.log";

  /** Name of a file whose reading fails after its first byte. */
  static final String FAILS = "logged.fails";

  /** Name of a file whose first byte never comes; "BLOCKED" on standard output says so. */
  static final String BLOCKS = "logged.blocks";

  /** Name of a file that is listed with a length of 2^60 bytes. */
  static final String HUGE = "logged.huge";

  static Configuration configuration(java.nio.file.Path log) {
    Configuration conf = new Configuration();
    conf.setClass("fs.logged.impl", LoggingFileSystem.class, FileSystem.class);
    conf.setBoolean("fs.logged.impl.disable.cache", true);
    conf.set(LOG, log.toString());
    return conf;
  }

  /** The names of the files opened so far, in order. */
  static List<String> opened(java.nio.file.Path log) {
    try {
      return Files.readAllLines(log);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public URI getUri() {
    return URI.create("logged:///");
  }

  /** As on a cluster: not the local working directory. */
  @Override
  public Path getWorkingDirectory() {
    return new Path("logged:/home/nobody");
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    Files.write(
        java.nio.file.Path.of(getConf().get(LOG)),
        (path.getName() + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    if (path.getName().equals(getConf().get(BLOCKS))) {
      blockForEver();
    }
    FSDataInputStream in = super.open(path, bufferSize);
    return path.getName().equals(getConf().get(FAILS))
        ? new FSDataInputStream(new Failing(in))
        : in;
  }

  private static void blockForEver() throws IOException {
    System.out.println("BLOCKED");
    System.out.flush();
    int end = System.in.read();
    throw new IOException("unblocked by " + end);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    return Arrays.stream(super.listStatus(path))
        .map(
            status ->
                status.getPath().getName().equals(getConf().get(HUGE)) ? huge(status) : status)
        .toArray(FileStatus[]::new);
  }

  private static FileStatus huge(FileStatus status) {
    return new FileStatus(
        1L << 60, false, 1, 1 << 20, status.getModificationTime(), status.getPath());
  }

  /** Gives one byte, then fails. */
  private static final class Failing extends InputStream implements Seekable, PositionedReadable {

    private final FSDataInputStream in;

    Failing(FSDataInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      if (in.getPos() > 0) {
        throw new IOException("connection reset");
      }
      return in.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      buffer[offset] = (byte) read();
      return 1;
    }

    @Override
    public int read(long position, byte[] buffer, int offset, int length) throws IOException {
      return in.read(position, buffer, offset, length);
    }

    @Override
    public void readFully(long position, byte[] buffer, int offset, int length) throws IOException {
      in.readFully(position, buffer, offset, length);
    }

    @Override
    public void readFully(long position, byte[] buffer) throws IOException {
      in.readFully(position, buffer);
    }

    @Override
    public void seek(long position) throws IOException {
      in.seek(position);
    }

    @Override
    public long getPos() throws IOException {
      return in.getPos();
    }

    @Override
    public boolean seekToNewSource(long position) throws IOException {
      return in.seekToNewSource(position);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
