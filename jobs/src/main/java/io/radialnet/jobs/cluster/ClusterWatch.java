package io.radialnet.jobs.cluster;

import io.radialnet.error.UserException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.SparkStatusTracker;
import scala.Option;

/**
 * Looks after the jobs of one Spark context: when tasks wait and no executor comes, it says every
 * 30 seconds what is asked for and what the cluster has. When no worker of a standalone cluster is
 * large enough, it ends the jobs, whose exception then holds the {@link UserException} as text.
 */
public final class ClusterWatch {

  /** How long to wait for an executor before anything is said or done. */
  static final String PATIENCE = "spark.radial.patience";

  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(30);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final SparkContext spark;
  private final PrintStream out;
  private final Resources executor;
  private final Duration patience;
  private long starvedSinceNanos = System.nanoTime();
  private long saidNanos = starvedSinceNanos;
  private int tasksEnded;

  private ClusterWatch(SparkContext spark, PrintStream out) {
    this.spark = spark;
    this.out = out;
    this.executor = Resources.ofExecutor(spark.conf());
    this.patience =
        Duration.ofSeconds(
            spark.conf().getTimeAsSeconds(PATIENCE, DEFAULT_PATIENCE.toSeconds() + "s"));
  }

  /**
   * Starts looking after a context, until it stops. Local mode needs none.
   *
   * @param out where to say what is waited for
   */
  public static void start(SparkContext spark, PrintStream out) {
    if (spark.isLocal()) {
      return;
    }
    Thread thread = new Thread(new ClusterWatch(spark, out)::run, "radial-cluster-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!spark.isStopped()) {
        Thread.sleep(INTERVAL.toMillis());
        look(System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!spark.isStopped()) { // whose state is gone, then
        throw e;
      }
    }
  }

  private void look(long nowNanos) {
    if (!isStarved()) {
      starvedSinceNanos = nowNanos;
      saidNanos = nowNanos;
    } else if (nowNanos - saidNanos >= patience.toNanos()) {
      saidNanos = nowNanos;
      act(Duration.ofNanos(nowNanos - starvedSinceNanos));
    }
  }

  /** Whether there are stages to run, and none of their tasks runs or has ended lately. */
  private boolean isStarved() {
    SparkStatusTracker tracker = spark.statusTracker();
    int[] stages = tracker.getActiveStageIds();
    int running = 0;
    int ended = 0;
    for (int stage : stages) {
      Option<SparkStageInfo> info = tracker.getStageInfo(stage);
      if (info.isDefined()) {
        running += info.get().numActiveTasks();
        ended += info.get().numCompletedTasks() + info.get().numFailedTasks();
      }
    }
    boolean isUnchanged = ended == tasksEnded;
    tasksEnded = ended;
    return stages.length > 0 && running == 0 && isUnchanged;
  }

  private void act(Duration starved) {
    Optional<Shortage> shortage = StandaloneMaster.workers(spark).map(this::shortage);
    Optional<UserException> withoutEnd = shortage.flatMap(Shortage::withoutEnd);
    if (withoutEnd.isPresent()) {
      cancelJobs(withoutEnd.get());
    } else if (spark.statusTracker().getExecutorInfos().length <= 1) { // the driver is one
      out.println(
          "radial: No executor for "
              + starved.toSeconds()
              + " s: "
              + shortage
                  .map(Shortage::whileWaiting)
                  .orElse(
                      "each needs "
                          + executor
                          + ", and "
                          + spark.master()
                          + " has given none. Wait, or ask for less."));
    }
  }

  private Shortage shortage(List<Resources> workers) {
    int maxCores = spark.conf().getInt("spark.cores.max", 0);
    return new Shortage(
        spark.master(),
        executor,
        maxCores > 0 ? OptionalInt.of(maxCores) : OptionalInt.empty(),
        workers);
  }

  private void cancelJobs(UserException reason) {
    for (int job : spark.statusTracker().getActiveJobIds()) {
      spark.cancelJob(job, "\n" + reason + "\n"); // a line of its own, for those who look for it
    }
  }
}
