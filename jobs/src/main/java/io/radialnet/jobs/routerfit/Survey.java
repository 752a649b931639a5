package io.radialnet.jobs.routerfit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.radialnet.error.UserException;
import io.radialnet.jobs.provenance.ExamplesManifest;
import io.radialnet.router.RouterFeatures.Inputs;
import io.radialnet.router.RouterName;
import io.radialnet.transformer.Block;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the examples are, looked through once before anything is fitted.
 *
 * @param routers what there is of each router
 * @param documents documents of each split
 * @param slices the values of the slice column that have most documents, in this order
 * @param slicesLeftOut how many further values there are
 */
record Survey(
    SortedMap<RouterName, Counts> routers,
    Map<String, Long> documents,
    List<String> slices,
    int slicesLeftOut) {

  /** Folds of the column {@code fold}. */
  static final int FOLDS = 5;

  /** The most slices that quality is told of. */
  static final int MAX_SLICES = 20;

  private static final String REMEDY =
      "Name a directory that one `radial router-data` wrote and nothing else was put into";

  /**
   * Examples of one router.
   *
   * @param examples of all splits
   * @param train of the split train
   * @param trainSkippable of these, with a true label
   * @param validation of the split validation
   * @param validationSkippable of these, with a true label
   * @param baseRate share of skippable blocks in train and validation, weighted
   */
  record Counts(
      long examples,
      long train,
      long trainSkippable,
      long validation,
      long validationSkippable,
      double baseRate) {

    /** Whether there is nothing to learn: one class only to fit or to calibrate on. */
    boolean isConstant() {
      return hasOneClass(train, trainSkippable) || hasOneClass(validation, validationSkippable);
    }

    private static boolean hasOneClass(long examples, long skippable) {
      return skippable == 0 || skippable == examples;
    }

    /** Why a router of these is constant, in a few words. */
    String constantReason() {
      return hasOneClass(train, trainSkippable)
          ? reason("train", train, trainSkippable)
          : reason("validation", validation, validationSkippable);
    }

    private static String reason(String split, long examples, long skippable) {
      if (examples == 0) {
        return "it has no example in " + split;
      }
      return (skippable == 0 ? "never" : "always") + " under the threshold in " + split;
    }
  }

  /**
   * Looks through all examples.
   *
   * @throws UserException if there are not enough of them, or some do not fit the manifest
   */
  static Survey of(Examples examples) {
    List<Row> byRouter = countedByRouter(examples);
    byRouter.forEach(row -> check(examples, row));
    SortedMap<RouterName, Counts> routers = new TreeMap<>();
    byRouter.forEach(row -> routers.put(name(row), counts(row)));
    requireAll(examples, routers);
    Map<String, Long> documents = new HashMap<>();
    Map<String, Long> slices = new HashMap<>();
    for (Row row : documentsBySliceAndSplit(examples)) {
      documents.merge(row.getString(1), row.getLong(2), Long::sum);
      if (!row.isNullAt(0)) {
        slices.merge(row.getString(0), row.getLong(2), Long::sum);
      }
    }
    requireDocuments(examples, documents);
    List<String> ordered = new ArrayList<>(slices.keySet());
    ordered.sort((a, b) -> ordered(slices, a, b));
    List<String> kept = ordered.subList(0, Math.min(MAX_SLICES, ordered.size()));
    return new Survey(routers, documents, List.copyOf(kept), ordered.size() - kept.size());
  }

  /** Files of another run in the same place would be counted, too. */
  private static void requireAll(Examples examples, SortedMap<RouterName, Counts> routers) {
    long found = routers.values().stream().mapToLong(Counts::examples).sum();
    long expected = examples.manifest().examples();
    if (found != expected) {
      throw unusable(
          examples,
          String.format(
              Locale.ROOT,
              "there are %,d, %s names %,d",
              found,
              ExamplesManifest.FILE_NAME,
              expected));
    }
  }

  private static int ordered(Map<String, Long> documents, String a, String b) {
    int byDocuments = Long.compare(documents.get(b), documents.get(a));
    return byDocuments != 0 ? byDocuments : a.compareTo(b);
  }

  private static List<Row> countedByRouter(Examples examples) {
    String threshold = examples.manifest().threshold() + "D";
    String known = examples.manifest().inputs() == Inputs.SEQUENTIAL ? "1" : "0";
    Dataset<Row> rows = examples.rows();
    return rows.groupBy(col("layer"), col("block"))
        .agg(
            expr("count(1)").as("examples"),
            expr("count_if(split = 'train')").as("train"),
            expr("count_if(split = 'train' AND label)").as("train_skippable"),
            expr("count_if(split = 'validation')").as("validation"),
            expr("count_if(split = 'validation' AND label)").as("validation_skippable"),
            expr("sum(IF(split <> 'test' AND label, weight, 0D))").as("skippable_weight"),
            expr("sum(IF(split <> 'test', weight, 0D))").as("weight"),
            violations(
                "size(projection) = "
                    + examples.manifest().features().projection()
                    + " AND size(previous_ratios) = 2 * layer + IF(block = 'mlp', "
                    + known
                    + ", 0)",
                "other_features"),
            violations(
                "array_min(projection) > -1e37 AND array_max(projection) < 1e37 AND"
                    + " abs(log_norm) < 1e37 AND abs(log_frequency) < 1e37 AND position >= 0 AND"
                    + " coalesce(array_min(previous_ratios) > -1e37, true) AND"
                    + " coalesce(array_max(previous_ratios) < 1e37, true)",
                "not_numbers"),
            violations("weight > 0 AND weight < 1e300", "bad_weights"),
            // A float at the threshold may be rounded to either side of it.
            violations(
                "label = (ratio < " + threshold + ") OR abs(ratio - " + threshold + ") < 1e-6",
                "other_labels"),
            violations(
                "split IN ('train', 'validation', 'test') AND fold >= 0 AND fold < " + FOLDS,
                "other_splits"))
        .orderBy("layer", "block")
        .collectAsList();
  }

  private static Column violations(String condition, String name) {
    return expr("count_if(NOT coalesce(" + condition + ", false))").as(name);
  }

  private static void check(Examples examples, Row row) {
    String block = row.getAs("block");
    int layer = row.<Integer>getAs("layer");
    String router = layer + "." + block;
    boolean isKnown =
        layer >= 0
            && layer < examples.manifest().layers()
            && (block.equals(Block.ATTN.column()) || block.equals(Block.MLP.column()));
    if (!isKnown) {
      throw unusable(
          examples,
          "they are of "
              + router
              + ", the model has "
              + examples.manifest().layers()
              + " layers of attn, mlp");
    }
    require(
        examples,
        row,
        "other_features",
        router,
        "have other features than " + ExamplesManifest.FILE_NAME + " names");
    require(examples, row, "not_numbers", router, "have features that are no finite number");
    require(examples, row, "bad_weights", router, "have a weight that is not above 0");
    require(
        examples,
        row,
        "other_labels",
        router,
        "have a label that is not 'ratio < " + examples.manifest().threshold() + "'");
    require(examples, row, "other_splits", router, "have another split or fold than there are");
  }

  private static void require(
      Examples examples, Row row, String violation, String router, String what) {
    long count = row.<Long>getAs(violation);
    if (count > 0) {
      throw unusable(
          examples,
          String.format(
              Locale.ROOT,
              "%,d of %,d examples of %s %s",
              count,
              row.<Long>getAs("examples"),
              router,
              what));
    }
  }

  private static UserException unusable(Examples examples, String cause) {
    return Examples.unusable(examples.directory(), cause, REMEDY);
  }

  private static RouterName name(Row row) {
    return new RouterName(row.<Integer>getAs("layer"), Block.of(row.getAs("block")));
  }

  private static Counts counts(Row row) {
    return new Counts(
        row.<Long>getAs("examples"),
        row.<Long>getAs("train"),
        row.<Long>getAs("train_skippable"),
        row.<Long>getAs("validation"),
        row.<Long>getAs("validation_skippable"),
        baseRate(row.<Double>getAs("skippable_weight"), row.<Double>getAs("weight")));
  }

  private static double baseRate(double skippable, double all) {
    return all > 0 ? Math.min(1, skippable / all) : 0;
  }

  /** (slice, split, documents). */
  private static List<Row> documentsBySliceAndSplit(Examples examples) {
    return examples
        .rows()
        .select("doc_id", "domain", "split")
        .distinct()
        .groupBy("domain", "split")
        .count()
        .collectAsList();
  }

  private static void requireDocuments(Examples examples, Map<String, Long> documents) {
    long train = documents.getOrDefault("train", 0L);
    if (train < FOLDS) {
      throw tooFew(
          examples,
          "the split train has " + train + " documents, fewer than the " + FOLDS + " folds");
    }
    for (String split : new String[] {"validation", "test"}) {
      if (documents.getOrDefault(split, 0L) == 0) {
        throw tooFew(examples, "the split " + split + " has no document");
      }
    }
  }

  private static UserException tooFew(Examples examples, String cause) {
    return UserException.of(
        "Cannot fit routers on " + examples.directory(),
        cause,
        "Run `radial router-data` on a corpus of more documents");
  }
}
