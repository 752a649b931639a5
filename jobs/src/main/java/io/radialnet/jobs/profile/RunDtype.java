package io.radialnet.jobs.profile;

import io.radialnet.jobs.options.DeviceChoice;
import io.radialnet.jobs.options.Dtype;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Torch;
import org.apache.spark.SparkConf;

/** The type of weights and activations of a run: one for all executors, decided by the driver. */
final class RunDtype {

  private static final String GPUS = "spark.executor.resource.gpu.amount";

  private RunDtype() {}

  /** As asked for; auto is bfloat16 where the run is for CUDA devices, else float32. */
  static ElementType of(ProfileOptions options, SparkConf conf) {
    if (options.dtype() != Dtype.AUTO) {
      return ElementType.of(options.dtype().toString());
    }
    return isForCuda(options.device(), conf) ? ElementType.BFLOAT16 : ElementType.FLOAT32;
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
