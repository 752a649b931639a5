package io.radialnet.jobs.corpus;

import io.radialnet.error.UserException;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkThrowable;

/** Brings failures that the user can mend from the executors to the driver as what they are. */
public final class ExecutorFailures {

  /** Spark's id of the executor that the driver itself is. */
  private static final String LOCAL_MODE = "driver";

  private ExecutorFailures() {}

  /**
   * Runs a Spark action. Spark wraps what a task throws in its own exception, with the stack trace
   * as message; when that is the user's failure, the user's failure is thrown, also when Spark's
   * own reader found a file broken. Anything else is thrown as it was.
   */
  public static <T> T unwrap(Supplier<T> action) {
    try {
      return action.get();
    } catch (Exception e) { // Scala throws checked exceptions without declaring them
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof UserException userFailure) {
          throw userFailure;
        }
        if (isUnreadableFile(cause)) {
          throw UserException.of(
              "Cannot read a file of the corpus",
              withoutFullStop(cause.getMessage()),
              "Check that the file is whole and readable, then run again",
              e);
        }
      }
      throw ExecutorFailures.<RuntimeException>undeclared(e);
    }
  }

  /**
   * What a task throws in place of a failure that the user can mend: Spark logs it for every
   * attempt, so on an executor it says where it happened and is one line.
   */
  public static UserException ofTask(UserException failure) {
    SparkEnv spark = SparkEnv.get();
    return spark.executorId().equals(LOCAL_MODE)
        ? failure
        : failure.at(
            "executor "
                + spark.executorId()
                + " on "
                + spark.blockManager().blockManagerId().host());
  }

  private static boolean isUnreadableFile(Throwable cause) {
    return cause instanceof SparkThrowable spark
        && spark.getCondition() != null
        && spark.getCondition().startsWith("FAILED_READ_FILE");
  }

  private static String withoutFullStop(String message) {
    String line = message.strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // E is RuntimeException, erased
  private static <E extends Exception> E undeclared(Exception e) throws E {
    throw (E) e;
  }
}
