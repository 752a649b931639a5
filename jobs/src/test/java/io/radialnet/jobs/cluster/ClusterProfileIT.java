package io.radialnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code profile} by spark-submit on a standalone cluster with GPUs to schedule. */
@ExtendWith(ClusterExtension.class)
class ClusterProfileIT {

  private static final Pattern APPLICATION = Pattern.compile("with app ID (app-\\S+)");
  private static final Pattern STACK_TRACE = Pattern.compile("(?m)^\\s+at \\S+\\(");

  private final StandaloneCluster cluster;

  ClusterProfileIT(StandaloneCluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void executorsHaveEnded() throws InterruptedException {
    cluster.awaitNoExecutors();
  }

  @Test
  void bothExecutorsWorkOnTheirOwnGpusAndGiveTheRowsOfALocalRun(Reference reference)
      throws Exception {
    RunDirectory run = run("both");
    List<String> bothAtOnce =
        List.of(
            "spark.cores.max=2",
            "spark.scheduler.minRegisteredResourcesRatio=1.0",
            "spark.scheduler.maxRegisteredResourcesWaitingTime=10min");
    try (Command driver = cluster.submit("both", bothAtOnce, reference.command(run))) {
      assertThat(driver.await()).as(driver.stderr()).isEqualTo(0);

      reference.assertSame(run);
      List<String> used = new ArrayList<>();
      for (int shard = 0; shard < Reference.SHARDS; shard++) {
        Map<String, String> footer = run.footer(shard);
        String address = footer.get("radial.gpu_address");
        assertThat(executorLogs(driver, address).keySet())
            .as("executors on the worker of GPU %s", address)
            .containsExactly(footer.get("radial.executor"));
        used.add(address);
      }
      assertThat(used).containsOnly("0", "1").contains("0", "1");
      assertThat(driver.stderr())
          .containsPattern("(?m)^[\\d,]+ tokens, [\\d,]+ tokens/s, 1 failed$")
          .doesNotContainPattern(STACK_TRACE);
      for (String address : List.of("0", "1")) {
        executorLogs(driver, address)
            .values()
            .forEach(
                log ->
                    assertThat(log)
                        .contains("ModelPrefetch: Loading ")
                        .doesNotContainPattern(STACK_TRACE));
      }
    }
  }

  @Test
  void cudaThatIsNotThereIsOneLineAndStatus2(Reference reference) throws Exception {
    List<String> command = new ArrayList<>(reference.command(run("cuda")));
    command.add("--device=cuda");
    command.remove("--device=cpu");
    try (Command driver = cluster.submit("cuda", List.of(), command)) {
      assertThat(driver.await()).as(driver.stderr()).isEqualTo(2);

      assertThat(radialLines(driver))
          .singleElement()
          .asString()
          .matches(
              "radial: executor \\d on 127.0.0.1: Cannot run on cuda:[01]: .* 0 CUDA devices.*");
      assertThat(driver.stderr()).doesNotContainPattern(STACK_TRACE);
      assertThat(driver.stdout()).isEmpty();
      for (String address : List.of("0", "1")) {
        executorLogs(driver, address)
            .values()
            .forEach(log -> assertThat(log).doesNotContainPattern(STACK_TRACE));
      }
    }
  }

  @Test
  void moreThanAnyWorkerHasEndsWithWhatToLower(Reference reference) throws Exception {
    List<String> command = reference.command(run("greedy"));
    List<String> twoGpus =
        List.of(
            "spark.executor.resource.gpu.amount=2",
            "spark.task.resource.gpu.amount=2",
            "spark.radial.patience=2s");
    List<String> muchMemory = List.of("spark.executor.memory=3g", "spark.radial.patience=2s");
    try (Command gpus = cluster.submit("gpus", twoGpus, command);
        Command memory = cluster.submit("memory", muchMemory, command)) {
      assertThat(gpus.await()).as(gpus.stderr()).isEqualTo(2);
      assertThat(memory.await()).as(memory.stderr()).isEqualTo(2);

      assertThat(radialLines(gpus))
          .containsExactly(
              "radial: Cannot get executors from "
                  + cluster.url()
                  + ": each needs 1 core, 512 MiB, 2 gpu, and no worker has so much"
                  + " (2 workers with 1 core, 1,024 MiB, 1 gpu)."
                  + " Lower spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount,"
                  + " or start larger workers.");
      assertThat(radialLines(memory))
          .singleElement()
          .asString()
          .contains("each needs 1 core, 3,072 MiB, 1 gpu", "Lower spark.executor.memory, or");
      assertThat(gpus.stderr()).doesNotContainPattern(STACK_TRACE);
    }
  }

  @Test
  void aRunWithoutWorkersSaysSoAndBeginsWhenOneComes(Reference reference) throws Exception {
    List<String> command = new ArrayList<>(reference.command(run("late")));
    command.add("--limit-docs=10");
    try (StandaloneCluster empty = StandaloneCluster.start(ClusterExtension.DIRECTORY, "late");
        Command driver = empty.submit("late", List.of("spark.radial.patience=2s"), command)) {
      Await.until(
          "the driver says what it waits for",
          () -> driver.stderr().contains(" s: " + empty.url() + " has no workers. Start some."));
      empty.addWorker("0");

      assertThat(driver.await()).as(driver.stderr()).isEqualTo(0);
      assertThat(run("late").status()).isEqualTo("complete");
      empty.awaitNoExecutors();
    }
  }

  private static RunDirectory run(String name) {
    return new RunDirectory(ClusterExtension.DIRECTORY.resolve("out-" + name));
  }

  private static List<String> radialLines(Command driver) {
    return driver.stderr().lines().filter(line -> line.startsWith("radial: ")).toList();
  }

  /** What executors of a driver on the worker of a GPU have logged, by executor id. */
  private Map<String, String> executorLogs(Command driver, String gpuAddress) throws IOException {
    Matcher application = APPLICATION.matcher(driver.stderr());
    assertThat(application.find()).isTrue();
    Path executors = cluster.workDirectory(gpuAddress).resolve(application.group(1));
    Map<String, String> logs = new TreeMap<>();
    if (Files.exists(executors)) {
      try (Stream<Path> directories = Files.list(executors)) {
        directories.forEach(
            executor -> {
              try {
                logs.put(
                    executor.getFileName().toString(),
                    Files.readString(executor.resolve("stderr")));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
      }
    }
    return logs;
  }
}
