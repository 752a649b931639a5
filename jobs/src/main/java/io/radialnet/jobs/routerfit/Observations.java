package io.radialnet.jobs.routerfit;

import java.util.Arrays;

/**
 * Labelled examples that a figure is computed of, N of them. Columns are neither copied nor
 * changed.
 *
 * @param labels whether each block could be skipped
 * @param weights of each example, above 0
 * @param groups of documents, 0-based, of each example
 * @param groupCount how many groups there are
 * @param documents how many documents there are
 */
@SuppressWarnings("ArrayRecordComponent") // many are held at once, and never compared
record Observations(
    boolean[] labels, double[] weights, int[] groups, int groupCount, int documents) {

  /** N. */
  int count() {
    return labels.length;
  }

  /**
   * From columns of which some rows are meant.
   *
   * @param documents hash of each row's document
   * @param rows the rows that are meant
   */
  static Observations of(boolean[] labels, double[] weights, long[] documents, int[] rows) {
    boolean[] label = new boolean[rows.length];
    double[] weight = new double[rows.length];
    long[] document = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      label[i] = labels[rows[i]];
      weight[i] = weights[rows[i]];
      document[i] = documents[rows[i]];
    }
    long[] distinct = Arrays.stream(document).sorted().distinct().toArray();
    int[] groups = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      // In the order of hashes, which has nothing to do with what the documents are.
      groups[i] = Arrays.binarySearch(distinct, document[i]) % DocumentBootstrap.MAX_GROUPS;
    }
    int groupCount = Math.min(distinct.length, DocumentBootstrap.MAX_GROUPS);
    return new Observations(label, weight, groups, groupCount, distinct.length);
  }

  /** Share of blocks that could be skipped, weighted. */
  double baseRate() {
    double skippable = 0;
    double all = 0;
    for (int i = 0; i < labels.length; i++) {
      skippable += labels[i] ? weights[i] : 0;
      all += weights[i];
    }
    return skippable / all;
  }
}
