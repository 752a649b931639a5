package io.radialnet.jobs.shard;

import io.radialnet.runtime.ModelSpec;
import io.radialnet.runtime.Models;
import io.radialnet.runtime.Threads;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Float32Products;
import io.radialnet.transformer.Blueprint.Head;
import java.util.Collections;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has executors load a model in the background while the corpus is scanned. What fails here fails
 * again, and is told, where the model is used. Serialized to executors; small.
 */
public final class ModelPrefetch implements VoidFunction<Iterator<Integer>> {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ModelPrefetch.class);

  private final String uri;
  private final ElementType dtype;
  private final Float32Products products;
  private final Head head;
  private final int contextLength;
  private final String device;
  private final SerializableConfiguration hadoop;

  /**
   * As for {@link ModelSpec}, whose fingerprint each executor takes from its own copy: the driver
   * may not have hashed its own yet, and a copy that differs is refused when it is used.
   *
   * @param device as asked for: auto, cpu or cuda
   */
  public ModelPrefetch(
      String uri,
      ElementType dtype,
      Float32Products products,
      Head head,
      int contextLength,
      String device,
      Configuration conf) {
    this.uri = uri;
    this.dtype = dtype;
    this.products = products;
    this.head = head;
    this.contextLength = contextLength;
    this.device = device;
    this.hadoop = new SerializableConfiguration(conf);
  }

  /**
   * Begins on the executors that are there, and returns at once. Spark spreads tasks over executors
   * that are idle, as they are before the first job; a task takes no longer than its start.
   *
   * @param atMost so many executors: no more will have work
   */
  @SuppressWarnings("FutureReturnValueIgnored") // whether it succeeds shows later
  public void start(SparkSession spark, int atMost) {
    int executors =
        spark.sparkContext().statusTracker().getExecutorInfos().length - 1; // and driver
    int tasks = Math.min(Math.max(1, executors), atMost);
    JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(Collections.nCopies(tasks, 0), tasks)
        .foreachPartitionAsync(this);
  }

  @Override
  public void call(Iterator<Integer> ignored) {
    Threads.ofOneTask(SparkEnv.get().conf().getInt("spark.task.cpus", 1));
    LOG.info("Loading {} in the background", uri);
    Configuration conf = hadoop.value();
    Models.prefetch(
        () ->
            new ModelSpec(uri, Models.fingerprint(uri, conf), dtype, products, head, contextLength),
        TaskDevice.name(device),
        conf);
  }
}
