package io.radialnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.cluster.RunDirectory.FileIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs of {@code profile} whose processes are killed by SIGKILL. */
@ExtendWith(ClusterExtension.class)
class KilledRunIT {

  private static final int SIGKILL = 128 + 9;

  private final StandaloneCluster cluster;
  private final Reference reference;

  KilledRunIT(StandaloneCluster cluster, Reference reference) {
    this.cluster = cluster;
    this.reference = reference;
  }

  @AfterEach
  void executorsHaveEnded() throws InterruptedException {
    cluster.awaitNoExecutors();
  }

  @Test
  void anExecutorMayDieMidway() throws Exception {
    RunDirectory run = run("executor");
    try (Command driver = submit("executor", run)) {
      try (Frozen executors =
          Frozen.when("midway", cluster::executors, () -> isMidway(run) && isWriting(run))) {
        executors.kill(executors.processes().get(0));
      }

      assertThat(driver.await()).as(driver.stderr()).isEqualTo(0);
      assertThat(driver.stderr()).contains("Lost executor");
    }
    reference.assertSame(run);
  }

  @Test
  void theDriverMayDieAtAnyMoment() throws Exception {
    RunDirectory run = run("driver");
    try (Command driver = submit("driver-1", run)) {
      try (Frozen frozen =
          Frozen.when(
              "before the first shard",
              () -> with(driver),
              () -> run.isClaimed() && run.committed().isEmpty())) {
        frozen.kill(driver.handle());
      }
      assertThat(driver.await()).isEqualTo(SIGKILL);
    }
    SortedMap<Integer, FileIdentity> first = assertResumable(run);
    try (Command driver = submit("driver-2", run)) {
      try (Frozen frozen =
          Frozen.when(
              "midway", () -> with(driver), () -> run.committed().size() > first.size() + 2)) {
        frozen.kill(driver.handle());
      }
      assertThat(driver.await()).isEqualTo(SIGKILL);
    }
    SortedMap<Integer, FileIdentity> second = assertResumable(run);
    assertThat(second).containsAllEntriesOf(first);
    try (Command driver = submit("driver-3", run)) {
      try (Frozen frozen =
          Frozen.when(
              "during a write",
              () -> with(driver),
              () -> run.committed().size() > second.size() && isWriting(run))) {
        frozen.killAll();
      }
      assertThat(driver.await()).isEqualTo(SIGKILL);
    }
    SortedMap<Integer, FileIdentity> third = assertResumable(run);
    assertThat(third).containsAllEntriesOf(second);
    assertThat(run.halfWritten()).isNotEmpty();

    try (Command driver = submit("driver-4", run)) {
      assertThat(driver.await()).as(driver.stderr()).isEqualTo(0);
    }
    assertThat(run.committed()).containsAllEntriesOf(third);
    reference.assertSame(run);
  }

  @Test
  void aLocalRunMayDieDuringAWrite() throws Exception {
    RunDirectory run = run("local");
    List<String> command = reference.command(run);
    try (Command local = Reference.local("local-1", ClusterExtension.DIRECTORY, command)) {
      try (Frozen frozen =
          Frozen.when(
              "during a write",
              () -> List.of(local.handle()),
              () -> isMidway(run) && isWriting(run))) {
        frozen.killAll();
      }
      assertThat(local.await()).isEqualTo(SIGKILL);
    }
    SortedMap<Integer, FileIdentity> before = assertResumable(run);
    assertThat(run.halfWritten()).isNotEmpty();

    try (Command local = Reference.local("local-2", ClusterExtension.DIRECTORY, command)) {
      assertThat(local.await()).as(local.stderr()).isEqualTo(0);
    }
    assertThat(run.committed()).containsAllEntriesOf(before);
    reference.assertSame(run);
  }

  private Command submit(String name, RunDirectory run) throws Exception {
    return cluster.submit(name, List.of(), reference.command(run));
  }

  /** The driver and the executors that there are. */
  private List<ProcessHandle> with(Command driver) {
    List<ProcessHandle> all = new ArrayList<>(cluster.executors());
    all.add(driver.handle());
    return all;
  }

  private static boolean isMidway(RunDirectory run) {
    int committed = run.committed().size();
    return committed >= 1 && committed < Reference.SHARDS;
  }

  private static boolean isWriting(RunDirectory run) {
    return !run.halfWritten().isEmpty();
  }

  /**
   * Waits until nobody writes any more; then the run must not look finished, and what is finished
   * must be whole.
   *
   * @return the shards that are finished
   */
  private SortedMap<Integer, FileIdentity> assertResumable(RunDirectory run)
      throws InterruptedException {
    cluster.awaitNoExecutors();
    assertThat(run.status()).isEqualTo("incomplete");
    SortedMap<Integer, FileIdentity> committed = run.committed();
    assertThat(committed).hasSizeLessThan(Reference.SHARDS);
    for (int shard : committed.keySet()) {
      Map<String, String> footer = run.footer(shard);
      assertThat(footer.get("radial.run_id")).isEqualTo(run.manifest().path("run_id").asText());
    }
    return committed;
  }

  private static RunDirectory run(String name) {
    return new RunDirectory(ClusterExtension.DIRECTORY.resolve("out-" + name));
  }
}
