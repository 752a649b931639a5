package io.radialnet.jobs.shard;

import io.radialnet.error.UserException;
import io.radialnet.jobs.corpus.ExecutorFailures;
import io.radialnet.runtime.Models;
import io.radialnet.runtime.Threads;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.sql.SparkSession;

/** Tries a device on one executor. Serialized to it; small. */
public final class DeviceCheck implements VoidFunction<Iterator<Integer>> {

  private static final long serialVersionUID = 1L;

  private final String device;

  private DeviceCheck(String device) {
    this.device = device;
  }

  /**
   * Runs one task that asks the engine for a device.
   *
   * @param device as asked for: auto, cpu or cuda
   */
  public static Void run(SparkSession spark, String device) {
    JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(List.of(0), 1)
        .foreachPartition(new DeviceCheck(device));
    return null;
  }

  @Override
  public void call(Iterator<Integer> ignored) {
    Threads.ofOneTask(SparkEnv.get().conf().getInt("spark.task.cpus", 1));
    try {
      Models.requireDevice(TaskDevice.name(device));
    } catch (UserException e) {
      throw ExecutorFailures.ofTask(e);
    }
  }
}
