package io.radialnet.jobs.corpus;

import io.radialnet.error.UserException;

/** What is said of columns that cannot be kept. */
final class KeptColumns {

  private KeptColumns() {}

  static UserException unsupported(CorpusOptions options, String column, String what) {
    return UserException.of(
        options.problem(),
        "column '" + column + "' cannot be kept, it is " + what,
        "Keep columns of strings, booleans, integers, floating-point numbers, dates or timestamps");
  }
}
