package io.radialnet.jobs.cli;

import io.radialnet.error.UserException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns a failure into one line and an exit status. */
final class Failures {

  /** Spark turns the exception of a task into text: class, message, then its stack. */
  private static final Pattern IN_TEXT =
      Pattern.compile(Pattern.quote(UserException.class.getName()) + ": ([^\\r\\n]+)");

  private static final int MAX_CAUSES = 50;

  private Failures() {}

  /**
   * What the user can mend, wherever it is buried: in a cause, or in the text that Spark made of a
   * task's failure.
   */
  static Optional<String> userMessage(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
      if (cause instanceof UserException) {
        return Optional.of(cause.getMessage());
      }
      Matcher matcher = IN_TEXT.matcher(String.valueOf(cause.getMessage()));
      if (matcher.find()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }

  /**
   * Prints what has to be said.
   *
   * @param debug whether the stack trace is wanted
   * @return the exit status
   */
  static int report(Throwable failure, PrintWriter err, boolean debug) {
    if (debug) {
      failure.printStackTrace(err);
    }
    Optional<String> message = userMessage(failure);
    if (message.isPresent()) {
      err.println("radial: " + message.get());
    } else {
      err.println(
          "radial: Failed: "
              + firstLine(failure)
              + (debug ? "" : " (--debug shows the stack trace)"));
    }
    err.flush();
    return message.isPresent() ? ExitStatus.WRONG_USAGE : ExitStatus.FAILED;
  }

  private static String firstLine(Throwable failure) {
    return failure.toString().lines().findFirst().orElse(failure.getClass().getName()).strip();
  }
}
