package io.radialnet.jobs.report;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** What data says of a claim. */
enum Verdict {
  AGREES("agrees", "agree"),
  CONTRADICTS("contradicts", "contradict"),
  CANNOT_TELL("cannot tell", "cannot tell");

  private final String words;
  private final String plural;

  Verdict(String words, String plural) {
    this.words = words;
    this.plural = plural;
  }

  /** Of how many it is the verdict: 1 agrees, 2 contradict. */
  String counted(long count) {
    return count + " " + (count == 1 ? words : plural);
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
