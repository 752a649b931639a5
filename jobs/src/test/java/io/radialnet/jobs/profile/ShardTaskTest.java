package io.radialnet.jobs.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.corpus.Corpus;
import io.radialnet.jobs.corpus.CorpusOptions;
import io.radialnet.jobs.corpus.ExecutorFailures;
import io.radialnet.jobs.shard.ProgressCounters;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.jobs.table.TokenRatiosWriter;
import io.radialnet.probe.Measure;
import io.radialnet.probe.ProbePlan;
import io.radialnet.runtime.ModelSpec;
import io.radialnet.runtime.Models;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Float32Products;
import io.radialnet.text.Windows.SpecialTokens;
import io.radialnet.transformer.Block;
import io.radialnet.transformer.Blueprint.Head;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.Partition;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskContext$;
import org.apache.spark.TaskContextImpl;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.BlockUpdatedInfo;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/** What crosses to executors, and what a task makes of the GPU that Spark gives it. */
@ExtendWith(SparkSessionExtension.class)
class ShardTaskTest {

  private static final int SMALL_BYTES = 64 << 10;

  @TempDir private Path dir;

  @Test
  void theTaskOfTheLargestPlanIsSmall(SparkSession spark) {
    StructType kept = new StructType();
    for (int i = 0; i < 50; i++) {
      kept = kept.add("a_column_of_the_corpus_" + i, DataTypes.StringType);
    }
    int[] allShards = IntStream.range(0, 10_000).toArray();
    List<Long> sizes = LongStream.range(0, 10_000).boxed().toList();
    ShardTask task =
        new ShardTask(
            plan("cpu", "f".repeat(64), kept),
            ShardPartitioner.largestFirst(allShards, sizes),
            hadoop(spark),
            counters(spark));

    assertThat(serialized(task).remaining()).isBetween(1_000, SMALL_BYTES);
  }

  @Test
  void partitionsAreTheMissingShardsLargestFirstAlsoWhereTheyAreSent() {
    List<Long> sizes = List.of(50L, 7L, 90L, 8L, 8L);
    ShardPartitioner missing = ShardPartitioner.largestFirst(new int[] {1, 3, 4}, sizes);
    ShardPartitioner sent =
        SparkEnv.get()
            .closureSerializer()
            .newInstance()
            .deserialize(serialized(missing), ClassTag$.MODULE$.apply(ShardPartitioner.class));

    assertThat(sent.numPartitions()).isEqualTo(3);
    assertThat(IntStream.range(0, 3).map(sent::shardOf)).containsExactly(3, 4, 1);
    assertThat(sent.getPartition(new ShardKey(4, "a", "a.jsonl", 0))).isEqualTo(1);
    assertThat(sent.contains(4)).isTrue();
    assertThat(sent.contains(2)).isFalse();
    assertThat(sent)
        .isEqualTo(missing)
        .isNotEqualTo(ShardPartitioner.largestFirst(new int[] {1, 3}, sizes));
  }

  @Test
  void nothingThatARunSendsToAllTasksIsLarge(SparkSession spark) throws Exception {
    Path model = Samples.goldenModel("opt", dir.resolve("opt"));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      lines.add(Samples.jsonLine("d" + i, Integer.toString(i).repeat(4 * SMALL_BYTES))); // a word
    }
    Path corpus = Samples.write(dir.resolve("a.jsonl"), lines);
    Broadcasts broadcasts = new Broadcasts();
    spark.sparkContext().addSparkListener(broadcasts);
    try {
      Profiles.run(spark, Profiles.options(model, corpus, dir.resolve("out")).shards(3));
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      spark.sparkContext().removeSparkListener(broadcasts);
    }
    assertThat(broadcasts.bytes).isNotEmpty().allMatch(bytes -> bytes <= SMALL_BYTES);
    for (Partition partition :
        Corpus.open(spark, CorpusOptions.of(corpus.toString())).documents().rdd().partitions()) {
      assertThat(serialized(partition).remaining()).isLessThan(SMALL_BYTES);
    }
  }

  /** Bytes of the blocks of all broadcast variables, task binaries among them. */
  private static final class Broadcasts extends SparkListener {
    private final List<Long> bytes = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onBlockUpdated(SparkListenerBlockUpdated event) {
      BlockUpdatedInfo block = event.blockUpdatedInfo();
      if (block.blockId().isBroadcast() && block.storageLevel().isValid()) {
        bytes.add(block.memSize() + block.diskSize());
      }
    }
  }

  @Test
  void cudaMeansTheGpuThatSparkGivesToTheTask(SparkSession spark) {
    ShardTask task = task(spark, "cuda", fingerprint());

    assertThatThrownBy(() -> runWithGpu(spark, task, "77"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("Cannot run on cuda:77: this process sees ");
  }

  @Test
  void whichGpuATaskHadIsKeptWithItsShard(SparkSession spark) {
    ShardTask task = task(spark, "auto", fingerprint());

    runWithGpu(spark, task, "77");

    assertThat(
            TokenRatiosWriter.footer(
                new Configuration(),
                new org.apache.hadoop.fs.Path(dir + "/out/token_ratios/shard=0/part.parquet")))
        .containsEntry("radial.gpu_address", "77")
        .containsEntry("radial.device", "cpu()") // this machine has no GPU of that number
        .containsEntry("radial.run_id", "0123456789abcdef");
  }

  @Test
  void aNodeThatHasOtherFilesOfTheModelIsTold(SparkSession spark) {
    String here = fingerprint();
    String there = "f".repeat(64);

    assertThatThrownBy(() -> runWithGpu(spark, task(spark, "cpu", there), "77"))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("on this node: its files differ from the driver's", here, there);
  }

  private String fingerprint() {
    String model = Samples.goldenModel("opt", dir.resolve("opt")).toString();
    return Models.inspect(model, Head.USED, new Configuration()).fingerprint();
  }

  private ShardTask task(SparkSession spark, String device, String fingerprint) {
    return new ShardTask(
        plan(device, fingerprint, new StructType()),
        ShardPartitioner.largestFirst(new int[] {0}, List.of(0L)),
        hadoop(spark),
        counters(spark));
  }

  /** Runs a shard without documents in a task of Spark's, which gets a GPU as clusters give it. */
  private static void runWithGpu(SparkSession spark, ShardTask task, String address) {
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    ExecutorFailures.unwrap(
        () -> {
          context
              .parallelize(List.of(0), 1)
              .foreachPartition(
                  none -> {
                    giveGpu((TaskContextImpl) TaskContext.get(), address);
                    task.call(Collections.emptyIterator());
                  });
          return null;
        });
  }

  /** A local master has no GPUs to give. */
  private static void giveGpu(TaskContextImpl task, String address) {
    Map<String, ResourceInformation> resources =
        Map.of("gpu", new ResourceInformation("gpu", new String[] {address}));
    TaskContext$.MODULE$.setTaskContext(
        new TaskContextImpl(
            task.stageId(),
            task.stageAttemptNumber(),
            task.partitionId(),
            task.taskAttemptId(),
            task.attemptNumber(),
            task.numPartitions(),
            task.taskMemoryManager(),
            new Properties(),
            null,
            task.taskMetrics(),
            task.cpus(),
            scala.collection.immutable.Map.from(CollectionConverters.asScala(resources))));
  }

  private ShardPlan plan(String device, String fingerprint, StructType kept) {
    List<Block> blocks = List.of(Block.values());
    List<Measure> measures = List.of(Measure.values());
    return new ShardPlan(
        "0123456789abcdef",
        new ModelSpec(
            dir.resolve("opt").toString(),
            fingerprint,
            ElementType.FLOAT32,
            Float32Products.FLOAT32,
            Head.USED,
            64),
        4,
        199,
        new ProbePlan(blocks, measures),
        device,
        SpecialTokens.ADDED,
        4096,
        TokenRatiosTable.schemaWithSurprisal(
            kept,
            blocks.stream().map(Block::column).toList(),
            measures.stream().map(Measure::column).toList()),
        dir.resolve("out").toString());
  }

  private static Broadcast<SerializableConfiguration> hadoop(SparkSession spark) {
    return new JavaSparkContext(spark.sparkContext())
        .broadcast(new SerializableConfiguration(new Configuration()));
  }

  private static ProgressCounters counters(SparkSession spark) {
    return ProgressCounters.register(spark.sparkContext());
  }

  private static ByteBuffer serialized(Object object) {
    return SparkEnv.get()
        .closureSerializer()
        .newInstance()
        .serialize(object, ClassTag$.MODULE$.apply(Object.class));
  }
}
