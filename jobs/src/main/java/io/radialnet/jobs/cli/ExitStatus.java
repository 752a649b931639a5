package io.radialnet.jobs.cli;

/** What the process tells its caller. */
final class ExitStatus {

  static final int DONE = 0;

  static final int FAILED = 1;

  /** Wrong usage, unreadable input, unwritable output, or an environment that cannot do it. */
  static final int WRONG_USAGE = 2;

  /** Finished, but more documents failed than {@code --max-error-fraction} allows. */
  static final int TOO_MANY_ERRORS = 3;

  private ExitStatus() {}
}
