package io.radialnet.jobs.shard;

import io.radialnet.jobs.options.DeviceChoice;
import io.radialnet.jobs.options.Dtype;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Torch;
import org.apache.spark.SparkConf;

/** The type of weights and activations of a run: one for all executors, decided by the driver. */
public final class RunDtype {

  private static final String GPUS = "spark.executor.resource.gpu.amount";

  private RunDtype() {}

  /** As asked for; auto is bfloat16 where the run is for CUDA devices, else float32. */
  public static ElementType of(Dtype dtype, DeviceChoice device, SparkConf conf) {
    if (dtype != Dtype.AUTO) {
      return ElementType.of(dtype.toString());
    }
    return isForCuda(device, conf) ? ElementType.BFLOAT16 : ElementType.FLOAT32;
  }

  /** Executors elsewhere are known to have GPUs only when Spark schedules them. */
  private static boolean isForCuda(DeviceChoice device, SparkConf conf) {
    return switch (device) {
      case CPU -> false;
      case CUDA -> true;
      case AUTO ->
          conf.getInt(GPUS, 0) > 0
              || (conf.get("spark.master", "").startsWith("local") && Torch.cudaDevices() > 0);
    };
  }
}
