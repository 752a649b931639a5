package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.Path;

/** Words failures to write a table's file. */
final class WriteFailures {

  private static final List<String> DISK_FULL =
      List.of(
          "no space left on device",
          "not enough space on the disk",
          "disk quota exceeded",
          "quota of",
          "could only be written to 0 of"); // HDFS without a data node that has room

  private WriteFailures() {}

  /**
   * The failure that a user can mend, or, when the task was interrupted, that interruption.
   *
   * @param failure what Hadoop or Parquet threw; local disks throw an Error for what is an
   *     IOException elsewhere
   */
  static RuntimeException of(Path file, Throwable failure) {
    Throwable diskFull = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClosedByInterruptException || cause instanceof InterruptedIOException) {
        return new UncheckedIOException("interrupted while writing " + file, (IOException) cause);
      }
      diskFull = saysDiskFull(cause) ? cause : diskFull; // the innermost says it shortest
    }
    if (diskFull != null) {
      return UserException.of(
          "Cannot write " + file,
          diskFull.getMessage(),
          "Free space and run the same command again; finished shards are kept",
          failure);
    }
    return UserException.of(
        "Cannot write " + file,
        innermostMessage(failure),
        "Check that the directory is writable and run the same command again; finished shards are"
            + " kept",
        failure);
  }

  private static boolean saysDiskFull(Throwable cause) {
    String message = cause.getMessage() == null ? "" : cause.getMessage().toLowerCase(Locale.ROOT);
    return cause.getClass().getSimpleName().contains("QuotaExceeded")
        || DISK_FULL.stream().anyMatch(message::contains);
  }

  private static String innermostMessage(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
  }
}
