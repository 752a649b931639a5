package io.radialnet.jobs.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.Some;
import scala.Tuple4;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

class ProgressListenerTest {

  private static final int STAGE = 3;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long seconds;
  private final Progress progress =
      Progress.start(
          new Progress.Target(new PrintStream(bytes, true, StandardCharsets.UTF_8), 0),
          0,
          () -> TimeUnit.SECONDS.toNanos(seconds));
  private final ProgressListener listener = new ProgressListener(progress);

  @Test
  void addsRunningTasksToFinishedOnes() {
    start(1, 0);
    start(2, 1);
    heartbeat(1, 100, 0);
    heartbeat(2, 50, 1);
    assertThat(shown()).isEqualTo("150 tokens, 1 failed");

    end(1, 0, 300, 2, Success$.MODULE$);
    assertThat(shown()).isEqualTo("350 tokens, 3 failed");
  }

  @Test
  void takesBackWhatAFailedAttemptReported() {
    start(1, 0);
    heartbeat(1, 100, 5);
    end(1, 0, 120, 5, failure());
    assertThat(shown()).isEqualTo("0 tokens, 0 failed");

    start(2, 0);
    end(2, 0, 200, 0, Success$.MODULE$);
    assertThat(shown()).isEqualTo("200 tokens, 0 failed");
  }

  @Test
  void ignoresAHeartbeatThatArrivesAfterTheEndOfItsTask() {
    start(1, 0);
    end(1, 0, 200, 0, Success$.MODULE$);
    heartbeat(1, 150, 0);
    assertThat(shown()).isEqualTo("200 tokens, 0 failed");
  }

  @Test
  void countsAShardThatRanTwiceOnce() {
    start(1, 0);
    end(1, 0, 200, 0, Success$.MODULE$);
    start(2, 0);
    end(2, 0, 200, 0, Success$.MODULE$);
    assertThat(shown()).isEqualTo("200 tokens, 0 failed");
  }

  @Test
  void ignoresAccumulatorsOfOthers() {
    start(1, 0);
    TaskInfo info = info(1, 0);
    info.setAccumulables(seq(List.of(accumulable("internal.metrics.resultSize", 7))));
    listener.onTaskEnd(taskEnd(info, Success$.MODULE$));
    assertThat(shown()).isEqualTo("0 tokens, 0 failed");
  }

  @Test
  void understandsWhatSparkItselfReports() throws Exception {
    SparkContext spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()
            .sparkContext();
    LongAccumulator tokens = spark.longAccumulator(ProgressListener.TOKENS);
    spark.addSparkListener(listener);
    try {
      JavaSparkContext.fromSparkContext(spark)
          .parallelize(List.of(1, 2, 3, 4), 4)
          .foreach(value -> tokens.add(value));
      spark.listenerBus().waitUntilEmpty();
    } finally {
      spark.removeSparkListener(listener);
    }
    assertThat(shown()).isEqualTo("10 tokens, 0 failed");
  }

  private void start(long task, int partition) {
    listener.onTaskStart(new SparkListenerTaskStart(STAGE, 0, info(task, partition)));
  }

  private void heartbeat(long task, long tokens, long failures) {
    Tuple4<Object, Object, Object, scala.collection.immutable.Seq<AccumulableInfo>> update =
        new Tuple4<>(task, STAGE, 0, accumulables(tokens, failures));
    listener.onExecutorMetricsUpdate(
        new SparkListenerExecutorMetricsUpdate(
            "0", seq(List.of(update)), scala.collection.immutable.Map$.MODULE$.empty()));
  }

  private void end(long task, int partition, long tokens, long failures, TaskEndReason reason) {
    TaskInfo info = info(task, partition);
    info.setAccumulables(accumulables(tokens, failures));
    listener.onTaskEnd(taskEnd(info, reason));
  }

  private static SparkListenerTaskEnd taskEnd(TaskInfo info, TaskEndReason reason) {
    return new SparkListenerTaskEnd(
        STAGE, 0, "ResultTask", reason, info, new ExecutorMetrics(), null);
  }

  private static TaskEndReason failure() {
    return new ExceptionFailure(
        new IllegalStateException("lost"), seq(new ArrayList<AccumulableInfo>()), false);
  }

  private static TaskInfo info(long task, int partition) {
    return new TaskInfo(
        task, partition, 0, partition, 0, "0", "localhost", TaskLocality.ANY(), false);
  }

  private static Seq<AccumulableInfo> accumulables(long tokens, long failures) {
    return seq(
        List.of(
            accumulable(ProgressListener.TOKENS, tokens),
            accumulable(ProgressListener.CHARACTERS, 4 * tokens),
            accumulable(ProgressListener.FAILURES, failures)));
  }

  private static AccumulableInfo accumulable(String name, long update) {
    return new AccumulableInfo(
        1, new Some<>(name), new Some<>(update), Option.empty(), false, false, Option.empty());
  }

  private static <T> Seq<T> seq(List<T> values) {
    return CollectionConverters.asScala(values).toSeq();
  }

  /** The last line shown, without its rate. */
  private String shown() {
    seconds += 30;
    bytes.reset();
    listener.onExecutorMetricsUpdate(
        new SparkListenerExecutorMetricsUpdate(
            "0", seq(List.of()), scala.collection.immutable.Map$.MODULE$.empty()));
    return bytes.toString(StandardCharsets.UTF_8).strip().replaceAll(", [0-9,]+ tokens/s", "");
  }
}
