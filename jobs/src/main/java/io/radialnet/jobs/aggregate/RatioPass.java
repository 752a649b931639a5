package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.progress.ProgressListener;
import io.radialnet.jobs.progress.ShownTasks;
import java.io.PrintStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import scala.Function1;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The one pass over all files of some profiles: a task a file, then one shuffle that merges states
 * of the same key. Stays on the driver; holds the merged states on the executors until closed.
 */
final class RatioPass implements AutoCloseable {

  private static final int MAX_PARTITIONS = 64;
  private static final long TOKEN_BYTES_A_PARTITION = 64 << 20; // as ratios; sketches are smaller

  private static final ClassTag<StateKey> KEY = ClassTag$.MODULE$.apply(StateKey.class);
  private static final ClassTag<Serializable> STATE = ClassTag$.MODULE$.apply(Serializable.class);
  private static final ClassTag<Tuple2<StateKey, Serializable>> TAG =
      ClassTag$.MODULE$.apply(Tuple2.class);

  private final Broadcast<Map<Integer, PassPlan>> plans;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final JavaPairRDD<StateKey, Serializable> states;
  private final PassClock.Totals totals;

  private RatioPass(
      Broadcast<Map<Integer, PassPlan>> plans,
      Broadcast<SerializableConfiguration> hadoop,
      JavaPairRDD<StateKey, Serializable> states,
      PassClock.Totals totals) {
    this.plans = plans;
    this.hadoop = hadoop;
    this.states = states;
    this.totals = totals;
  }

  /** A file to read. */
  private record File(int run, String uri) implements Serializable {}

  /** Reads all profiles. The plan of a profile has its index as its run. */
  static RatioPass over(
      SparkSession spark, List<Profile> profiles, List<PassPlan> plans, PrintStream progressSink) {
    SparkContext context = spark.sparkContext();
    JavaSparkContext java = new JavaSparkContext(context);
    Configuration conf = spark.sessionState().newHadoopConf();
    Broadcast<Map<Integer, PassPlan>> planOfRun = java.broadcast(byRun(plans));
    Broadcast<SerializableConfiguration> hadoop =
        java.broadcast(new SerializableConfiguration(conf));
    LongAccumulator tokensDone = context.longAccumulator(ProgressListener.TOKENS);
    LongAccumulator shareDone = context.longAccumulator(ProgressListener.CHARACTERS);
    PassClock.Totals totals = PassClock.Totals.register(context);
    List<File> files = files(profiles);
    int partitions = Math.min(MAX_PARTITIONS, 2 * java.defaultParallelism());
    int ofTokens = Math.max(partitions, tokenPartitions(profiles, plans));
    JavaPairRDD<StateKey, Serializable> states =
        java.parallelize(files, Math.max(1, files.size()))
            .flatMapToPair(
                file ->
                    ShardPass.open(
                        planOfRun.value().get(file.run()),
                        file.uri(),
                        hadoop.value().value(),
                        List.of(tokensDone, shareDone),
                        totals))
            .combineByKey(
                state -> state,
                State::merge,
                State::merge,
                new KindPartitioner(partitions, ofTokens),
                /* mapSideCombine= */ false, // a task's states of one key are few
                new JavaSerializer(context.getConf()))
            .mapValues(State::finished)
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
    RatioPass pass = new RatioPass(planOfRun, hadoop, states, totals);
    pass.run(context, profiles.stream().mapToLong(Profile::tokens).sum(), progressSink);
    return pass;
  }

  /** So many that the sketches of the tokens of one are no burden for a task. */
  private static int tokenPartitions(List<Profile> profiles, List<PassPlan> plans) {
    long bytes = 0;
    for (int run = 0; run < profiles.size(); run++) {
      bytes += Float.BYTES * profiles.get(run).tokens() * plans.get(run).cells();
    }
    return (int) Math.min(StatesByToken.BUCKETS, bytes / TOKEN_BYTES_A_PARTITION);
  }

  private void run(SparkContext context, long tokens, PrintStream progressSink) {
    try {
      ShownTasks.run(context, progressSink, tokens, progress -> states.count());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static Map<Integer, PassPlan> byRun(List<PassPlan> plans) {
    Map<Integer, PassPlan> byRun = new HashMap<>();
    plans.forEach(plan -> byRun.put(plan.run(), plan));
    return byRun;
  }

  private static List<File> files(List<Profile> profiles) {
    List<File> files = new ArrayList<>();
    for (int run = 0; run < profiles.size(); run++) {
      for (String uri : profiles.get(run).files()) {
        files.add(new File(run, uri));
      }
    }
    return files;
  }

  /** Seconds of all tasks by the part of the work on files that they were spent on. */
  Map<String, Double> taskSeconds() {
    return totals.seconds();
  }

  /** What is kept of the merged states of one kind, in the class that the kind says. */
  @SuppressWarnings("unchecked") // StateKey.Kind says which class goes with it
  <S extends Serializable> JavaPairRDD<StateKey, S> states(StateKey.Kind kind) {
    KindPartitioner partitioner = (KindPartitioner) states.partitioner().get();
    Function1<Object, Object> isOfKind =
        (Function1<Object, Object> & Serializable)
            partition -> partitioner.isOf(kind, (Integer) partition);
    RDD<Tuple2<StateKey, Serializable>> ofKind =
        new PartitionPruningRDD<>(states.rdd(), isOfKind, TAG);
    return (JavaPairRDD<StateKey, S>)
        (JavaPairRDD<StateKey, ?>) JavaPairRDD.fromRDD(ofKind, KEY, STATE);
  }

  /** Each kind has partitions of its own, so that who reads one kind reads no other. */
  private static final class KindPartitioner extends Partitioner {
    private final Map<StateKey.Kind, Integer> counts = new EnumMap<>(StateKey.Kind.class);
    private final Map<StateKey.Kind, Integer> firsts = new EnumMap<>(StateKey.Kind.class);
    private final int total;

    KindPartitioner(int perKind, int ofTokens) {
      int next = 0;
      for (StateKey.Kind kind : StateKey.Kind.values()) {
        int count = kind == StateKey.Kind.TOKENS ? ofTokens : perKind;
        counts.put(kind, count);
        firsts.put(kind, next);
        next += count;
      }
      total = next;
    }

    @Override
    public int numPartitions() {
      return total;
    }

    @Override
    public int getPartition(Object key) {
      StateKey state = (StateKey) key;
      return firsts.get(state.kind()) + Math.floorMod(state.hashCode(), counts.get(state.kind()));
    }

    boolean isOf(StateKey.Kind kind, int partition) {
      int index = partition - firsts.get(kind);
      return index >= 0 && index < counts.get(kind);
    }
  }

  @Override
  public void close() {
    states.unpersist();
    plans.destroy();
    hadoop.destroy();
  }
}
