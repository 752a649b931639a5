package io.radialnet.jobs.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the word that somebody meant. */
final class Nearest {

  private Nearest() {}

  /**
   * The candidate that is the fewest edits away from {@code word}, if it is near enough to have
   * been meant: a third of its letters, at least two.
   */
  static Optional<String> to(String word, Collection<String> candidates) {
    int threshold = Math.max(2, word.length() / 3);
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return candidates.stream()
        .filter(candidate -> distance.apply(word, candidate) <= threshold)
        .min(
            Comparator.comparing((String candidate) -> distance.apply(word, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }
}
