package io.radialnet.jobs.routerdata;

import io.radialnet.error.UserException;
import io.radialnet.jobs.corpus.ExecutorFailures;
import io.radialnet.jobs.shard.ProgressCounters;
import io.radialnet.jobs.shard.ShardedOutput;
import io.radialnet.jobs.shard.TaskDevice;
import io.radialnet.jobs.table.RouterExamplesTable;
import io.radialnet.jobs.table.RouterExamplesWriter;
import io.radialnet.jobs.table.TokenRatiosReader;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.runtime.BatchThreads;
import io.radialnet.runtime.LoadedModel;
import io.radialnet.runtime.ModelCache.Lease;
import io.radialnet.runtime.Models;
import io.radialnet.runtime.Threads;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Runs one shard: its profiled windows through the model, into one file of {@code router_examples},
 * committed in one step: a shard is done when it is there. Serialized to executors; small.
 */
final class ExampleTask implements VoidFunction<Integer> {

  private static final long serialVersionUID = 1L;

  private final ExamplePlan plan;
  private final Broadcast<Sample> sample;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final ProgressCounters counters;

  ExampleTask(
      ExamplePlan plan,
      Broadcast<Sample> sample,
      Broadcast<SerializableConfiguration> hadoop,
      ProgressCounters counters) {
    this.plan = plan;
    this.sample = sample;
    this.hadoop = hadoop;
    this.counters = counters;
  }

  @Override
  public void call(Integer shard) throws IOException {
    Configuration conf = hadoop.value().value();
    Threads.ofOneTask(SparkEnv.get().conf().getInt("spark.task.cpus", 1));
    Path profiled = TokenRatiosTable.shardFile(new Path(plan.tokenRatios()), shard);
    Path examples =
        RouterExamplesTable.shardFile(new Path(plan.out(), RouterExamplesTable.NAME), shard);
    ShardedOutput.removeLeftovers(examples, conf);
    long start = System.nanoTime();
    try (BatchThreads threads = BatchThreads.ofTask();
        Lease<LoadedModel> lease =
            Models.acquire(plan.model(), TaskDevice.name(plan.device()), conf);
        TokenRatiosReader windows = plan.open(profiled, conf);
        RouterExamplesWriter rows = RouterExamplesWriter.open(conf, examples)) {
      double loadSeconds = (System.nanoTime() - start) / 1e9;
      ExampleSummary summary =
          new ShardExamples(plan, sample.value(), lease.model(), threads, counters, rows)
              .run(windows, loadSeconds);
      rows.commit(footer(summary, lease.model()));
    } catch (UserException e) {
      throw ExecutorFailures.ofTask(e);
    }
  }

  private Map<String, String> footer(ExampleSummary summary, LoadedModel model) {
    Map<String, String> footer = summary.toFooter();
    footer.put(ShardedOutput.RUN_ID, plan.runId());
    footer.put("radial.executor", SparkEnv.get().executorId());
    footer.put("radial.device", model.deviceName());
    TaskDevice.gpuAddress().ifPresent(address -> footer.put("radial.gpu_address", address));
    return footer;
  }
}
