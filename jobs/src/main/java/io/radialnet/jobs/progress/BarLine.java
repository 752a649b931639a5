package io.radialnet.jobs.progress;

import java.util.Locale;

/** One line of a terminal: " 38 % [=======> ] 12,345 of ~32,000 tokens, ...". */
final class BarLine {

  private static final int MIN_BAR = 8;
  private static final int MAX_BAR = 40;

  private BarLine() {}

  /**
   * The line, exactly one column narrower than the terminal, so that it never wraps and always
   * covers the one before it.
   *
   * @param columns width of the terminal
   */
  static String of(ProgressReading reading, int columns) {
    int width = Math.max(1, columns - 1);
    String percent =
        String.format(Locale.ROOT, "%3d %%", (int) Math.floor(100 * reading.fraction()));
    String text = reading.text();
    int bar = Math.min(MAX_BAR, width - percent.length() - text.length() - 4);
    String line =
        bar < MIN_BAR
            ? percent + "  " + text
            : percent + " [" + filled(reading.fraction(), bar) + "] " + text;
    return line.length() > width
        ? line.substring(0, width)
        : line + " ".repeat(width - line.length());
  }

  private static String filled(double fraction, int width) {
    int full = (int) Math.floor(fraction * width);
    String head = full > 0 && full < width ? "=".repeat(full - 1) + ">" : "=".repeat(full);
    return head + " ".repeat(width - full);
  }
}
