package io.radialnet.jobs.progress;

import java.time.Duration;
import java.util.Locale;

/**
 * How far a job is at one moment. Immutable.
 *
 * @param tokens tokens done
 * @param characters characters of the corpus done
 * @param totalCharacters characters of the whole corpus, 0 if not known
 * @param failures documents that failed
 * @param elapsedNanos nanoseconds since the job started
 */
record ProgressReading(
    long tokens, long characters, long totalCharacters, long failures, long elapsedNanos) {

  /** The share that is done, 0 to 1, by characters. */
  double fraction() {
    return totalCharacters <= 0 ? 0 : Math.min(1, (double) characters / totalCharacters);
  }

  /** Tokens of the whole corpus, estimated from the characters so far; 0 if not known yet. */
  long totalTokens() {
    return fraction() <= 0 ? 0 : Math.round(tokens / fraction());
  }

  double tokensPerSecond() {
    return elapsedNanos <= 0 ? 0 : tokens * 1e9 / elapsedNanos;
  }

  /** How much longer it takes at this rate; null if not known yet. */
  Duration remaining() {
    if (fraction() <= 0) {
      return null;
    }
    return Duration.ofNanos(Math.round(elapsedNanos * (1 - fraction()) / fraction()));
  }

  /** "12,345 of ~40,000 tokens, 980 tokens/s, 0:28 left, 2 failed". */
  String text() {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%,d", tokens));
    if (fraction() < 1 && totalTokens() > 0) {
      text.append(String.format(Locale.ROOT, " of ~%,d", totalTokens()));
    }
    text.append(String.format(Locale.ROOT, " tokens, %,.0f tokens/s", tokensPerSecond()));
    if (fraction() < 1 && remaining() != null) {
      text.append(", ").append(clock(remaining())).append(" left");
    }
    return text.append(String.format(Locale.ROOT, ", %,d failed", failures)).toString();
  }

  /** "0:28", "12:05", "3:00:00". */
  private static String clock(Duration duration) {
    long hours = duration.toHours();
    return hours == 0
        ? String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart())
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", hours, duration.toMinutesPart(), duration.toSecondsPart());
  }
}
