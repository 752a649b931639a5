package io.radialnet.jobs.routerdata;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one shard holds and what it cost, kept in the footer of its file, so that a resumed run
 * knows it without running the shard again. Summaries of shards add up.
 *
 * @param documents with an example, by split in their order
 * @param examples by split
 * @param tokens that went through the model
 * @param ratioDifference the largest difference between a ratio of the profile and the same one now
 * @param loadSeconds waiting for the model, summed over tasks
 * @param forwardSeconds summed over tasks
 * @param writeSeconds summed over tasks
 * @param peakMemoryBytes the largest resident set of a process, 0 where not known
 */
record ExampleSummary(
    Map<Split, Long> documents,
    Map<Split, Long> examples,
    long tokens,
    double ratioDifference,
    double loadSeconds,
    double forwardSeconds,
    double writeSeconds,
    long peakMemoryBytes) {

  private static final String PREFIX = "radial.";

  static ExampleSummary none() {
    return new ExampleSummary(Map.of(), Map.of(), 0, 0, 0, 0, 0, 0);
  }

  ExampleSummary plus(ExampleSummary other) {
    return new ExampleSummary(
        sum(documents, other.documents),
        sum(examples, other.examples),
        tokens + other.tokens,
        Math.max(ratioDifference, other.ratioDifference),
        loadSeconds + other.loadSeconds,
        forwardSeconds + other.forwardSeconds,
        writeSeconds + other.writeSeconds,
        Math.max(peakMemoryBytes, other.peakMemoryBytes));
  }

  private static Map<Split, Long> sum(Map<Split, Long> a, Map<Split, Long> b) {
    Map<Split, Long> sum = new EnumMap<>(Split.class);
    sum.putAll(a);
    b.forEach((split, count) -> sum.merge(split, count, Long::sum));
    return sum;
  }

  Map<String, String> toFooter() {
    Map<String, String> footer = new LinkedHashMap<>();
    for (Split split : Split.values()) {
      footer.put(documentsKey(split), Long.toString(documents.getOrDefault(split, 0L)));
      footer.put(examplesKey(split), Long.toString(examples.getOrDefault(split, 0L)));
    }
    footer.put(PREFIX + "tokens", Long.toString(tokens));
    footer.put(PREFIX + "ratio_difference", Double.toString(ratioDifference));
    footer.put(PREFIX + "load_seconds", Double.toString(loadSeconds));
    footer.put(PREFIX + "forward_seconds", Double.toString(forwardSeconds));
    footer.put(PREFIX + "write_seconds", Double.toString(writeSeconds));
    footer.put(PREFIX + "peak_memory_bytes", Long.toString(peakMemoryBytes));
    return footer;
  }

  static ExampleSummary ofFooter(Map<String, String> footer) {
    Map<Split, Long> documents = new EnumMap<>(Split.class);
    Map<Split, Long> examples = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      documents.put(split, Long.parseLong(footer.get(documentsKey(split))));
      examples.put(split, Long.parseLong(footer.get(examplesKey(split))));
    }
    return new ExampleSummary(
        documents,
        examples,
        Long.parseLong(footer.get(PREFIX + "tokens")),
        Double.parseDouble(footer.get(PREFIX + "ratio_difference")),
        Double.parseDouble(footer.get(PREFIX + "load_seconds")),
        Double.parseDouble(footer.get(PREFIX + "forward_seconds")),
        Double.parseDouble(footer.get(PREFIX + "write_seconds")),
        Long.parseLong(footer.get(PREFIX + "peak_memory_bytes")));
  }

  private static String documentsKey(Split split) {
    return PREFIX + "documents." + split.column();
  }

  private static String examplesKey(Split split) {
    return PREFIX + "examples." + split.column();
  }
}
