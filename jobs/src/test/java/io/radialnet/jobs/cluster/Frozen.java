package io.radialnet.jobs.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Processes stopped by SIGSTOP at a moment at which a condition holds, so that it still holds while
 * some of them are killed. Those that live are let go on by {@link #close}.
 */
final class Frozen implements AutoCloseable {

  private final List<ProcessHandle> processes;

  private Frozen(List<ProcessHandle> processes) {
    this.processes = processes;
    signal("STOP", processes);
    while (!processes.stream().allMatch(Frozen::isStopped)) {
      Thread.onSpinWait();
    }
  }

  /**
   * Freezes processes when a condition holds.
   *
   * @param what names the condition in the failure
   * @param processes asked for anew at every attempt
   */
  static Frozen when(
      String what, Supplier<List<ProcessHandle>> processes, BooleanSupplier condition)
      throws InterruptedException {
    Frozen[] frozen = new Frozen[1];
    Await.until(
        what,
        () -> {
          if (!condition.getAsBoolean()) {
            return false;
          }
          frozen[0] = new Frozen(processes.get());
          if (!condition.getAsBoolean()) { // it was over before all stood still
            frozen[0].close();
            return false;
          }
          return true;
        });
    return frozen[0];
  }

  /** Kills one of them by SIGKILL. */
  void kill(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  void killAll() {
    processes.forEach(this::kill);
  }

  List<ProcessHandle> processes() {
    return processes;
  }

  @Override
  public void close() {
    signal("CONT", processes);
  }

  private static void signal(String name, List<ProcessHandle> processes) {
    for (ProcessHandle process : processes) {
      shell("kill -" + name + " " + process.pid());
    }
  }

  /** Whether every thread stands still, or there is none any more. */
  private static boolean isStopped(ProcessHandle process) {
    String states =
        Files.isDirectory(Path.of("/proc/self/task"))
            ? shell("sed 's/.*) //' /proc/" + process.pid() + "/task/*/stat")
            : shell("ps -o state= -p " + process.pid());
    return !process.isAlive() || states.lines().allMatch(state -> state.strip().startsWith("T"));
  }

  private static String shell(String command) {
    try {
      Process process =
          new ProcessBuilder("bash", "-c", command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
