package io.radialnet.jobs.aggregate;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Where the time of the pass over one file goes, by laps: each belongs to the part of the work that
 * it ends. Not thread-safe.
 */
final class PassClock {

  /** A part of the work on a file. */
  enum Part {
    /** Parquet into arrays, and sums over a token's layers that several tallies use. */
    READ,
    /** What is exact of slices and positions: counts, sums of ratios and squares, histograms. */
    SUMS,
    /** Sketches of slices and positions. */
    SKETCHES,
    /** Sketches and examples of token types. */
    TOKENS,
    /** Moments of pairs of layers. */
    LAYERS,
    /** Sums for the components of variance. */
    VARIANCES,
    /** Ends of documents: their histograms go into groups. */
    DOCUMENTS,
    /** States for the shuffle, without writing them. */
    STATES
  }

  private final EnumMap<Part, Long> nanos = new EnumMap<>(Part.class);
  private long last = System.nanoTime();

  /** Leaves out what has passed since the last lap. */
  void resume() {
    last = System.nanoTime();
  }

  /** Ends a part of the work, which began with the last lap. */
  void lap(Part part) {
    long now = System.nanoTime();
    nanos.merge(part, now - last, Long::sum);
    last = now;
  }

  /** Adds what was measured, once. */
  void tell(Totals totals) {
    nanos.forEach((part, spent) -> totals.nanos.get(part).add(spent));
  }

  /** Sums over all tasks, failed and repeated ones too. Serialized to executors. */
  static final class Totals implements Serializable {
    private static final long serialVersionUID = 1L;

    private final EnumMap<Part, LongAccumulator> nanos = new EnumMap<>(Part.class);

    static Totals register(SparkContext spark) {
      Totals totals = new Totals();
      for (Part part : Part.values()) {
        totals.nanos.put(part, spark.longAccumulator());
      }
      return totals;
    }

    /** Seconds by the name of the part, in their order. */
    Map<String, Double> seconds() {
      Map<String, Double> seconds = new LinkedHashMap<>();
      nanos.forEach(
          (part, total) ->
              seconds.put(part.name().toLowerCase(Locale.ROOT), total.value().longValue() / 1e9));
      return seconds;
    }
  }
}
