package io.radialnet.jobs.shard;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Executors stand in directories of their own, where a relative path means another place. */
public final class ExecutorPath {

  private ExecutorPath() {}

  /** The same place from anywhere: a path that was read already, made absolute. */
  public static String of(String path, Configuration conf) {
    try {
      Path hadoopPath = new Path(path);
      return hadoopPath.getFileSystem(conf).makeQualified(hadoopPath).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
