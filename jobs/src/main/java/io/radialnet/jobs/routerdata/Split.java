package io.radialnet.jobs.routerdata;

import java.util.Locale;

/**
 * The part of the corpus that a document is in, by a hash of its id that depends on nothing else:
 * with u the first 32 bits of sha256("split:" + doc_id), train where u / 2^32 is below 0.70,
 * validation below 0.85, else test.
 */
enum Split {
  TRAIN,
  VALIDATION,
  TEST;

  /** How many folds there are. */
  static final int FOLDS = 5;

  private static final double VALIDATION_FROM = 0.70;
  private static final double TEST_FROM = 0.85;

  static Split of(String docId) {
    double share = (Hashes.ofText("split:" + docId) >>> 32) * 0x1p-32;
    if (share < VALIDATION_FROM) {
      return TRAIN;
    }
    return share < TEST_FROM ? VALIDATION : TEST;
  }

  /** 0 to 4: the first 32 bits of sha256("fold:" + doc_id), modulo 5. */
  static int foldOf(String docId) {
    return (int) ((Hashes.ofText("fold:" + docId) >>> 32) % FOLDS);
  }

  /** The name in the table. */
  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
