package io.radialnet.jobs.table;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * The local file system under the scheme {@code full}, on which every file may have so many bytes.
 * It can fail as HDFS does, with an IOException; as Hadoop's local file system, with an Error; or
 * only when buffers are flushed by closing the file.
 */
public final class FullDisk extends RawLocalFileSystem {

  private static final String ROOM = "full.disk.bytes";
  private static final String FAILURE = "full.disk.failure";

  /** How the full disk is reported. */
  public enum Failure {
    IO_EXCEPTION,
    LOCAL_ERROR,
    LOCAL_ERROR_ON_CLOSE
  }

  static Configuration configuration(long roomBytes, Failure failure) {
    Configuration conf = new Configuration();
    settings(roomBytes, failure).forEach(conf::set);
    return conf;
  }

  /** Hadoop's settings for a disk on which every file may have so many bytes. */
  public static Map<String, String> settings(long roomBytes, Failure failure) {
    return Map.of(
        "fs.full.impl",
        FullDisk.class.getName(),
        "fs.full.impl.disable.cache",
        "true",
        ROOM,
        Long.toString(roomBytes),
        FAILURE,
        failure.name());
  }

  @Override
  public URI getUri() {
    return URI.create("full:///");
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    OutputStream disk = super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    return new FSDataOutputStream(new Limited(disk), null);
  }

  /** Hadoop keeps the constructor of what its local file system throws to itself. */
  private static FSError localError(IOException cause) {
    try {
      Constructor<FSError> constructor = FSError.class.getDeclaredConstructor(Throwable.class);
      constructor.setAccessible(true);
      return constructor.newInstance(cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("FSError has another constructor", e);
    }
  }

  /** A file with room for so many bytes. */
  private final class Limited extends OutputStream {
    private final OutputStream disk;
    private final Failure failure = getConf().getEnum(FAILURE, Failure.IO_EXCEPTION);
    private long room = getConf().getLong(ROOM, 0);

    Limited(OutputStream disk) {
      this.disk = disk;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      room -= length;
      if (room >= 0) {
        disk.write(bytes, offset, length);
      } else if (failure != Failure.LOCAL_ERROR_ON_CLOSE) {
        fail();
      }
    }

    @Override
    public void close() throws IOException {
      disk.close();
      if (room < 0) {
        fail();
      }
    }

    private void fail() throws IOException {
      IOException full = new IOException("No space left on device");
      if (failure == Failure.IO_EXCEPTION) {
        throw full;
      }
      throw localError(full);
    }
  }
}
