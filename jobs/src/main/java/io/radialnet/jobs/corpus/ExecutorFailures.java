package io.radialnet.jobs.corpus;

import io.radialnet.error.UserException;
import java.util.function.Supplier;

/** Brings failures that the user can mend from the executors to the driver as what they are. */
public final class ExecutorFailures {

  private ExecutorFailures() {}

  /**
   * Runs a Spark action. Spark wraps what a task throws in its own exception, with the stack trace
   * as message; when that is the user's failure, the user's failure is thrown, else what was.
   */
  public static <T> T unwrap(Supplier<T> action) {
    try {
      return action.get();
    } catch (Exception e) { // Scala throws checked exceptions without declaring them
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof UserException userFailure) {
          throw userFailure;
        }
      }
      throw ExecutorFailures.<RuntimeException>undeclared(e);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // E is RuntimeException, erased
  private static <E extends Exception> E undeclared(Exception e) throws E {
    throw (E) e;
  }
}
