package io.radialnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.error.UserException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class ShortageTest {

  private static final Resources SMALL = resources(4, 8_192, 1);
  private static final Resources LARGE = resources(16, 65_536, 2);

  @Test
  void anExecutorNeedsWhatItsSettingsAndItsTasksSay() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.executor.memory", "4g")
            .set("spark.executor.cores", "2")
            .set("spark.task.cpus", "3")
            .set("spark.executor.resource.gpu.amount", "2")
            .set("spark.executor.resource.gpu.vendor", "nvidia.com");

    assertThat(Resources.ofExecutor(conf)).isEqualTo(resources(3, 4_096, 2));
    assertThat(Resources.ofExecutor(conf)).hasToString("3 cores, 4,096 MiB, 2 gpu");
  }

  @Test
  void anExecutorWithoutSettingsNeedsOneCoreAndOneGibibyte() {
    assertThat(Resources.ofExecutor(new SparkConf(false))).hasToString("1 core, 1,024 MiB");
  }

  @Test
  void aWorkerThatIsLargeEnoughIsWorthWaitingFor() {
    Shortage shortage = shortage(LARGE, SMALL, LARGE, SMALL);

    assertThat(shortage.withoutEnd()).isEmpty();
    assertThat(shortage.whileWaiting())
        .startsWith(
            "each needs 16 cores, 65,536 MiB, 2 gpu, spark://host:7077 has 2 workers with 4 cores,"
                + " 8,192 MiB, 1 gpu; 1 worker with 16 cores, 65,536 MiB, 2 gpu. They are busy");
  }

  @Test
  void workersMayYetCome() {
    assertThat(shortage(SMALL).withoutEnd()).isEmpty();
    assertThat(shortage(SMALL).whileWaiting())
        .isEqualTo("spark://host:7077 has no workers. Start some.");
  }

  @Test
  void workersThatAreAllTooSmallEndTheWait() {
    assertThat(shortage(resources(4, 9_000, 3), SMALL).withoutEnd())
        .map(UserException::getMessage)
        .hasValue(
            "Cannot get executors from spark://host:7077: each needs 4 cores, 9,000 MiB, 3 gpu, and"
                + " no worker has so much (1 worker with 4 cores, 8,192 MiB, 1 gpu). Lower"
                + " spark.executor.memory, spark.executor.resource.gpu.amount and"
                + " spark.task.resource.gpu.amount, or start larger workers.");
  }

  @Test
  void onlyWhatIsTooMuchForEveryWorkerIsToBeLowered() {
    Resources withoutMemory = resources(16, 1_024, 2);
    Resources withoutCores = resources(1, 65_536, 2);

    assertThat(shortage(resources(2, 2_048, 3), withoutMemory, withoutCores).withoutEnd())
        .map(UserException::getMessage)
        .hasValueSatisfying(
            message -> assertThat(message).contains(" Lower spark.executor.resource.gpu.amount "));
    assertThat(shortage(resources(2, 2_048, 1), withoutMemory, withoutCores).withoutEnd())
        .map(UserException::getMessage)
        .hasValueSatisfying(
            message ->
                assertThat(message)
                    .contains(
                        " Lower spark.executor.memory, spark.executor.cores and spark.task.cpus,"));
  }

  @Test
  void theApplicationsOwnLimitIsNamed() {
    Shortage shortage = new Shortage("spark://host:7077", SMALL, OptionalInt.of(2), List.of(LARGE));

    assertThat(shortage.withoutEnd())
        .map(UserException::getMessage)
        .hasValueSatisfying(
            message -> assertThat(message).contains("and spark.cores.max allows 2. Raise"));
  }

  private static Shortage shortage(Resources executor, Resources... workers) {
    return new Shortage("spark://host:7077", executor, OptionalInt.empty(), List.of(workers));
  }

  private static Resources resources(int cores, long megabytes, long gpus) {
    return new Resources(cores, megabytes, new TreeMap<>(Map.of("gpu", gpus)));
  }
}
