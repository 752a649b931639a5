package io.radialnet.jobs.profile;

import io.radialnet.error.UserException;
import io.radialnet.jobs.corpus.Document;
import io.radialnet.jobs.corpus.ExecutorFailures;
import io.radialnet.jobs.shard.ProgressCounters;
import io.radialnet.jobs.shard.ShardedOutput;
import io.radialnet.jobs.shard.TaskDevice;
import io.radialnet.jobs.table.ErrorsTable;
import io.radialnet.jobs.table.ErrorsWriter;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.jobs.table.TokenRatiosWriter;
import io.radialnet.runtime.BatchThreads;
import io.radialnet.runtime.LoadedModel;
import io.radialnet.runtime.ModelCache.Lease;
import io.radialnet.runtime.Models;
import io.radialnet.runtime.ProcessMemory;
import io.radialnet.runtime.Threads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Runs one shard: its documents through the model, into one file of {@code token_ratios} and one of
 * {@code errors}. The former is committed last and in one step: a shard is done when it is there.
 * Serialized to executors; small.
 */
final class ShardTask
    implements FlatMapFunction<Iterator<Tuple2<ShardKey, Document>>, ShardSummary> {

  private static final long serialVersionUID = 1L;

  private final ShardPlan plan;
  private final ShardPartitioner shards;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final ProgressCounters counters;

  ShardTask(
      ShardPlan plan,
      ShardPartitioner shards,
      Broadcast<SerializableConfiguration> hadoop,
      ProgressCounters counters) {
    this.plan = plan;
    this.shards = shards;
    this.hadoop = hadoop;
    this.counters = counters;
  }

  /** What the shard holds, as its file says too. */
  @Override
  public Iterator<ShardSummary> call(Iterator<Tuple2<ShardKey, Document>> documents)
      throws IOException {
    int shard = shards.shardOf(TaskContext.getPartitionId());
    Configuration conf = hadoop.value().value();
    List<Document> inOrder = new ArrayList<>();
    documents.forEachRemaining(document -> inOrder.add(document._2()));
    Threads.ofOneTask(SparkEnv.get().conf().getInt("spark.task.cpus", 1));

    Path ratios = TokenRatiosTable.shardFile(new Path(plan.out(), TokenRatiosTable.NAME), shard);
    Path errors = ErrorsTable.shardFile(new Path(plan.out(), ErrorsTable.NAME), shard);
    ShardedOutput.removeLeftovers(ratios, conf);
    ShardedOutput.removeLeftovers(errors, conf);
    long start = System.nanoTime();
    try (BatchThreads threads = BatchThreads.ofTask();
        Lease<LoadedModel> lease =
            Models.acquire(plan.model(), TaskDevice.name(plan.device()), conf)) {
      double loadSeconds = (System.nanoTime() - start) / 1e9;
      return List.of(run(inOrder, lease.model(), threads, loadSeconds, ratios, errors, conf))
          .iterator();
    } catch (UserException e) {
      throw ExecutorFailures.ofTask(e);
    }
  }

  /** Runs the shard, and again without them when documents fail whose windows may be written. */
  private ShardSummary run(
      List<Document> documents,
      LoadedModel model,
      BatchThreads threads,
      double loadSeconds,
      Path ratios,
      Path errors,
      Configuration conf) {
    Map<String, String> excluded = new HashMap<>();
    while (true) {
      try (TokenRatiosWriter rows =
              TokenRatiosWriter.open(conf, ratios, plan.schema(), plan.layers());
          ErrorsWriter failures = ErrorsWriter.open(conf, errors)) {
        ShardSummary summary =
            new ShardProfiler(plan, model, threads, counters, rows, failures, excluded)
                .run(documents, loadSeconds)
                .withPeakMemory(ProcessMemory.peakResidentBytes().orElse(0));
        failures.commit(Map.of());
        rows.commit(footer(summary, model));
        return summary;
      } catch (ShardProfiler.DocumentsFailed failed) {
        excluded.putAll(failed.reasons());
      }
    }
  }

  private Map<String, String> footer(ShardSummary summary, LoadedModel model) {
    Map<String, String> footer = summary.toFooter();
    footer.put(ShardedOutput.RUN_ID, plan.runId());
    footer.put("radial.executor", SparkEnv.get().executorId());
    footer.put("radial.device", model.deviceName());
    TaskDevice.gpuAddress().ifPresent(address -> footer.put("radial.gpu_address", address));
    return footer;
  }
}
