package io.radialnet.jobs.profile;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one shard holds and what it cost, kept in the footer of its file, so that a resumed run
 * knows it without running the shard again. Summaries of shards add up. Serialized to the driver.
 *
 * @param documents profiled
 * @param errors documents that failed
 * @param tokens positions of all windows
 * @param windows of all documents
 * @param loadSeconds waiting for the model, summed over tasks
 * @param tokenizeSeconds summed over tasks
 * @param forwardSeconds summed over tasks
 * @param writeSeconds summed over tasks
 * @param peakMemoryBytes the largest resident set of a process, 0 where not known
 */
record ShardSummary(
    long documents,
    long errors,
    long tokens,
    long windows,
    double loadSeconds,
    double tokenizeSeconds,
    double forwardSeconds,
    double writeSeconds,
    long peakMemoryBytes)
    implements Serializable {

  static final ShardSummary NONE = new ShardSummary(0, 0, 0, 0, 0, 0, 0, 0, 0);

  private static final String PREFIX = "radial.";

  ShardSummary plus(ShardSummary other) {
    return new ShardSummary(
        documents + other.documents,
        errors + other.errors,
        tokens + other.tokens,
        windows + other.windows,
        loadSeconds + other.loadSeconds,
        tokenizeSeconds + other.tokenizeSeconds,
        forwardSeconds + other.forwardSeconds,
        writeSeconds + other.writeSeconds,
        Math.max(peakMemoryBytes, other.peakMemoryBytes));
  }

  ShardSummary withPeakMemory(long bytes) {
    return plus(new ShardSummary(0, 0, 0, 0, 0, 0, 0, 0, bytes));
  }

  Map<String, String> toFooter() {
    Map<String, String> footer = new LinkedHashMap<>();
    footer.put(PREFIX + "documents", Long.toString(documents));
    footer.put(PREFIX + "errors", Long.toString(errors));
    footer.put(PREFIX + "tokens", Long.toString(tokens));
    footer.put(PREFIX + "windows", Long.toString(windows));
    footer.put(PREFIX + "load_seconds", Double.toString(loadSeconds));
    footer.put(PREFIX + "tokenize_seconds", Double.toString(tokenizeSeconds));
    footer.put(PREFIX + "forward_seconds", Double.toString(forwardSeconds));
    footer.put(PREFIX + "write_seconds", Double.toString(writeSeconds));
    footer.put(PREFIX + "peak_memory_bytes", Long.toString(peakMemoryBytes));
    return footer;
  }

  static ShardSummary ofFooter(Map<String, String> footer) {
    return new ShardSummary(
        Long.parseLong(footer.get(PREFIX + "documents")),
        Long.parseLong(footer.get(PREFIX + "errors")),
        Long.parseLong(footer.get(PREFIX + "tokens")),
        Long.parseLong(footer.get(PREFIX + "windows")),
        Double.parseDouble(footer.get(PREFIX + "load_seconds")),
        Double.parseDouble(footer.get(PREFIX + "tokenize_seconds")),
        Double.parseDouble(footer.get(PREFIX + "forward_seconds")),
        Double.parseDouble(footer.get(PREFIX + "write_seconds")),
        Long.parseLong(footer.get(PREFIX + "peak_memory_bytes")));
  }
}
