package io.radialnet.jobs.cluster;

import io.radialnet.error.UserException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Why a standalone cluster gives a job no executor.
 *
 * @param master "spark://host:7077"
 * @param executor what each executor needs
 * @param maxCores what all executors of the application may have together; empty if not bounded
 * @param workers what each has when nothing runs on it
 */
record Shortage(String master, Resources executor, OptionalInt maxCores, List<Resources> workers) {

  private static final int KINDS_SHOWN = 3;

  /**
   * That no worker is large enough even when nothing else runs. Without any workers it is not
   * known: they may be about to start.
   */
  Optional<UserException> withoutEnd() {
    if (maxCores.isPresent() && maxCores.getAsInt() < executor.cores()) {
      return Optional.of(
          UserException.of(
              problem(),
              "each needs " + executor + ", and spark.cores.max allows " + maxCores.getAsInt(),
              "Raise spark.cores.max or lower spark.executor.cores and spark.task.cpus"));
    }
    if (workers.isEmpty() || workers.stream().anyMatch(worker -> worker.cover(executor))) {
      return Optional.empty();
    }
    return Optional.of(
        UserException.of(
            problem(),
            "each needs " + executor + ", and no worker has so much (" + shown() + ")",
            "Lower " + String.join(", ", settings()) + ", or start larger workers"));
  }

  private String problem() {
    return "Cannot get executors from " + master;
  }

  /** Settings that ask more than every worker has; all that do for one, if there is none. */
  private Set<String> settings() {
    Set<String> beyondAll = new LinkedHashSet<>(workers.get(0).settingsBeyond(executor));
    Set<String> beyondOne = new LinkedHashSet<>();
    for (Resources worker : workers) {
      beyondAll.retainAll(worker.settingsBeyond(executor));
      beyondOne.addAll(worker.settingsBeyond(executor));
    }
    return beyondAll.isEmpty() ? beyondOne : beyondAll;
  }

  /** What is being waited for, and what to do. */
  String whileWaiting() {
    return workers.isEmpty()
        ? master + " has no workers. Start some."
        : "each needs "
            + executor
            + ", "
            + master
            + " has "
            + shown()
            + ". They are busy with other applications, or executors fail to start: see the"
            + " master's page, and the executors' logs in the workers' directories. Executors have"
            + " to reach the driver at spark.driver.host.";
  }

  /** "2 workers with 1 core, 1,024 MiB, 1 gpu; 1 worker with 8 cores, 16,384 MiB". */
  private String shown() {
    Map<Resources, Integer> counts = new LinkedHashMap<>();
    workers.forEach(worker -> counts.merge(worker, 1, Integer::sum));
    List<String> kinds = new ArrayList<>();
    counts.forEach(
        (resources, count) ->
            kinds.add(count + (count == 1 ? " worker with " : " workers with ") + resources));
    return kinds.size() <= KINDS_SHOWN
        ? String.join("; ", kinds)
        : String.join("; ", kinds.subList(0, KINDS_SHOWN)) + "; and others";
  }
}
