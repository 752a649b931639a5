package io.radialnet.jobs.report;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** What data says of a claim. */
enum Verdict {
  AGREES("agrees"),
  CONTRADICTS("contradicts"),
  CANNOT_TELL("cannot tell");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /** That of several: what all that can tell say; cannot tell if none can, or they differ. */
  static Verdict of(Collection<Verdict> verdicts) {
    Set<Verdict> told = new HashSet<>(verdicts);
    told.remove(CANNOT_TELL);
    return told.size() == 1 ? told.iterator().next() : CANNOT_TELL;
  }

  @Override
  public String toString() {
    return words;
  }
}
