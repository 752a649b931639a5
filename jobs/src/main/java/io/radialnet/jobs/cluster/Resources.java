package io.radialnet.jobs.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.SparkConf;

/**
 * What an executor needs, or a worker has. Immutable.
 *
 * @param cores of the processor
 * @param memoryMebibytes as Spark counts it
 * @param others amounts by name, such as 1 "gpu"
 */
record Resources(int cores, long memoryMebibytes, SortedMap<String, Long> others) {

  private static final String PREFIX = "spark.executor.resource.";
  private static final String SUFFIX = ".amount";

  Resources {
    others = Collections.unmodifiableSortedMap(new TreeMap<>(others));
  }

  /** What each executor of an application asks for, and its tasks, which have to fit in. */
  static Resources ofExecutor(SparkConf conf) {
    SortedMap<String, Long> others = new TreeMap<>();
    for (scala.Tuple2<String, String> setting : conf.getAllWithPrefix(PREFIX)) {
      if (setting._1().endsWith(SUFFIX)) {
        String name = setting._1().substring(0, setting._1().length() - SUFFIX.length());
        others.put(name, Long.parseLong(setting._2()));
      }
    }
    return new Resources(
        Math.max(conf.getInt("spark.executor.cores", 1), conf.getInt("spark.task.cpus", 1)),
        conf.getSizeAsMb("spark.executor.memory", "1g"),
        others);
  }

  boolean cover(Resources needed) {
    return settingsBeyond(needed).isEmpty();
  }

  /** The settings of {@code needed} that ask for more than this. */
  List<String> settingsBeyond(Resources needed) {
    List<String> settings = new ArrayList<>();
    if (needed.cores > cores) {
      settings.add("spark.executor.cores and spark.task.cpus");
    }
    if (needed.memoryMebibytes > memoryMebibytes) {
      settings.add("spark.executor.memory");
    }
    needed.others.forEach(
        (name, amount) -> {
          if (amount > others.getOrDefault(name, 0L)) {
            settings.add(PREFIX + name + SUFFIX + " and spark.task.resource." + name + SUFFIX);
          }
        });
    return settings;
  }

  /** "2 cores, 1,024 MiB, 1 gpu". */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%d core%s", cores, cores == 1 ? "" : "s"));
    text.append(String.format(Locale.ROOT, ", %,d MiB", memoryMebibytes));
    others.forEach((name, amount) -> text.append(", ").append(amount).append(' ').append(name));
    return text.toString();
  }
}
