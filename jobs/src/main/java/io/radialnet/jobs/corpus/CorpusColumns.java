package io.radialnet.jobs.corpus;

import io.radialnet.error.UserException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The columns that documents are made of. Small and serializable.
 *
 * @param text the text
 * @param id the id, where the corpus has one
 * @param kept those carried along
 */
record CorpusColumns(String text, String id, List<String> kept) implements Serializable {

  /**
   * The columns that the options ask for, all of them known to exist.
   *
   * @param present every column of the corpus, in its order
   * @throws UserException naming the columns that exist when one asked for does not
   */
  static CorpusColumns of(CorpusOptions options, Collection<String> present) {
    List<String> missing = new ArrayList<>();
    List<String> remedies = new ArrayList<>();
    if (!present.contains(options.textColumn())) {
      missing.add("text column '" + options.textColumn() + "'");
      remedies.add("--text-column");
    }
    Optional<String> idColumn = options.idColumn();
    if (idColumn.isPresent() && !present.contains(idColumn.get())) {
      missing.add("id column '" + idColumn.get() + "'");
      remedies.add("--id-column");
    }
    List<String> missingKept =
        options.keepColumns().stream().filter(column -> !present.contains(column)).toList();
    if (!missingKept.isEmpty()) {
      missing.add("column to keep '" + String.join("', '", missingKept) + "'");
      remedies.add("--keep-columns");
    }
    if (!missing.isEmpty()) {
      throw UserException.of(
          options.problem(),
          "it has no "
              + String.join(" and no ", missing)
              + "; its columns are "
              + String.join(", ", present),
          "Name columns that exist with " + String.join(", ", remedies));
    }
    String id = idColumn.orElse(CorpusOptions.DEFAULT_ID_COLUMN);
    return new CorpusColumns(
        options.textColumn(), present.contains(id) ? id : null, options.keepColumns());
  }
}
