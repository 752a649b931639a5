package io.radialnet.checkpoint;

import io.radialnet.error.UserException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The phrases that the failures of this package share. */
final class Messages {

  /** How many of a long list a message names. */
  static final int NAMED = 5;

  private Messages() {}

  /** The first {@link #NAMED} items and how many more there are: "a, b and 3 more". */
  static String listed(Collection<String> items) {
    String named = items.stream().limit(NAMED).collect(Collectors.joining(", "));
    return items.size() <= NAMED ? named : named + " and " + (items.size() - NAMED) + " more";
  }

  /** The failure for a file whose content cannot be what its format says. */
  static UserException corrupt(Path file, String cause) {
    return UserException.of(
        "Cannot read " + file,
        "the file is truncated or corrupt: " + cause,
        "Download or export the checkpoint again");
  }

  /** A name out of a foreign file between quotes, short and without control characters. */
  static String quoted(String name) {
    String shown = name.length() <= 100 ? name : name.substring(0, 100) + "…";
    return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
  }

  /** A shape as papers and PyTorch write it: (3072, 768). */
  static String shape(List<Long> shape) {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
  }

  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }

  /** Whether an operation ended because its thread was interrupted, which is nobody's mistake. */
  static boolean isInterrupt(IOException failure) {
    return failure instanceof ClosedByInterruptException
        || failure instanceof FileLockInterruptionException
        || (failure instanceof InterruptedIOException
            && !(failure instanceof SocketTimeoutException));
  }

  /** Why a file operation failed, also where the exception's own message is a bare path or null. */
  static String reason(IOException failure) {
    String message = failure.getMessage();
    if (failure instanceof NoSuchFileException || failure instanceof FileNotFoundException) {
      return "there is no such file (" + message + ")";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied (" + message + ")";
    }
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
