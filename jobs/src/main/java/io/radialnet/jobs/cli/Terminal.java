package io.radialnet.jobs.cli;

import io.radialnet.jobs.progress.Progress;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Where the user reads. */
final class Terminal {

  private static final int DEFAULT_COLUMNS = 80;

  private Terminal() {}

  /** What standard output is written in. */
  static Charset charset() {
    String name = System.getProperty("stdout.encoding"); // set by Java 19 and newer
    return name == null ? Charset.defaultCharset() : Charset.forName(name);
  }

  /** A writer that flushes every line to a standard stream. */
  static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, charset());
  }

  /** The width that the launcher found, or the usual one. */
  static int columns() {
    return Integer.getInteger(Progress.COLUMNS, DEFAULT_COLUMNS);
  }
}
