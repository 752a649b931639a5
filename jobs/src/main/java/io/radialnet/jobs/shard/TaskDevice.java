package io.radialnet.jobs.shard;

import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** The device of the task that runs now. */
public final class TaskDevice {

  private static final String GPU = "gpu";

  private TaskDevice() {}

  /**
   * The address of the GPU that Spark has given to this task; empty when GPUs are not scheduled.
   */
  public static Optional<String> gpuAddress() {
    ResourceInformation gpu = TaskContext.get().resourcesJMap().get(GPU);
    return gpu == null || gpu.addresses().length == 0
        ? Optional.empty()
        : Optional.of(gpu.addresses()[0]);
  }

  /**
   * The device to run on: the task's own where Spark schedules GPUs.
   *
   * @param asked auto, cpu or cuda
   */
  public static String name(String asked) {
    if (asked.equals("cpu")) {
      return asked;
    }
    return gpuAddress().map(address -> asked + ":" + address).orElse(asked);
  }
}
