package io.radialnet.error;

import java.util.Objects;

/**
 * A failure that the user can mend: wrong usage, unreadable input, unwritable output, or an
 * environment that cannot do what was asked. The command line prints its message as one line,
 * without a stack trace, and exits with status 2. Broken invariants of our own are {@link
 * IllegalStateException}s instead.
 *
 * <p>Every message has the same form: <i>problem</i>: <i>cause</i>. <i>remedy</i>. For example
 * "Cannot load opt-125m: tensor 'model.decoder.layers.3.fc1.weight' has shape (3072, 512),
 * config.json implies (3072, 768). Re-export the checkpoint or correct hidden_size."
 */
public final class UserException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private UserException(String message, Throwable cause) {
    super(message, cause);
  }

  private UserException(String message) {
    super(message, null, false, false);
  }

  /**
   * Creates a failure of the one form that users read.
   *
   * @param problem what could not be done and where, without a full stop: "Cannot read corpus
   *     a.txt"
   * @param cause why, without a full stop
   * @param remedy what to do, a sentence without its full stop
   */
  public static UserException of(String problem, String cause, String remedy) {
    return of(problem, cause, remedy, null);
  }

  /** As {@link #of(String, String, String)}, keeping the exception that revealed the failure. */
  public static UserException of(String problem, String cause, String remedy, Throwable origin) {
    Objects.requireNonNull(problem, "problem");
    Objects.requireNonNull(cause, "cause");
    Objects.requireNonNull(remedy, "remedy");
    return new UserException(oneLine(problem + ": " + cause + ". " + remedy + "."), origin);
  }

  /**
   * This failure as it is told of another process: the place where it happened in front, and
   * neither stack trace nor cause, which every log on its way would repeat.
   *
   * @param place such as "executor 1 on 10.0.0.7"
   */
  public UserException at(String place) {
    return new UserException(place + ": " + getMessage());
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
