package io.radialnet.jobs.cli;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A chart of horizontal bars for a terminal: one row a layer, one column of bars a series, all to
 * one scale. Bars have eighths of a character where the terminal can show them.
 */
final class BarChart {

  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";
  private static final int NUMBER_WIDTH = 7;
  private static final int MIN_BAR = 4;
  private static final int MAX_BAR = 40;

  private final int columns;
  private final boolean blocks;

  /**
   * @param columns width of the terminal
   * @param charset what the terminal is written in; bars are made of '#' if it lacks blocks
   */
  BarChart(int columns, Charset charset) {
    this.columns = columns;
    this.blocks = charset.canEncode() && charset.newEncoder().canEncode(EIGHTHS + '█');
  }

  /**
   * Draws it, a header line first.
   *
   * @param rowName what a row is, "layer"; rows are numbered from 0
   * @param series for each column of bars its name and one value a row, 0 or more; a value that is
   *     not a number is shown as "-"
   */
  List<String> lines(String rowName, Map<String, double[]> series) {
    int rows = series.values().stream().mapToInt(values -> values.length).max().orElse(0);
    double scale =
        series.values().stream()
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    int bar = barWidth(rowName, series.size());
    List<String> lines = new ArrayList<>();
    lines.add(header(rowName, series, bar));
    for (int row = 0; row < rows; row++) {
      StringBuilder line = new StringBuilder(padLeft(Integer.toString(row), rowName.length()));
      for (double[] values : series.values()) {
        double value = row < values.length ? values[row] : Double.NaN;
        line.append(cell(value, scale, bar));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private int barWidth(String rowName, int seriesCount) {
    int free = columns - rowName.length();
    int each = free / Math.max(1, seriesCount) - NUMBER_WIDTH - 2;
    return Math.max(MIN_BAR, Math.min(MAX_BAR, each));
  }

  private static String header(String rowName, Map<String, double[]> series, int bar) {
    StringBuilder line = new StringBuilder(rowName);
    for (String name : series.keySet()) {
      line.append(padLeft(name, NUMBER_WIDTH)).append(" ".repeat(bar + 2));
    }
    return line.toString().stripTrailing();
  }

  private String cell(double value, double scale, int bar) {
    if (!Double.isFinite(value)) {
      return padLeft("-", NUMBER_WIDTH) + " ".repeat(bar + 2);
    }
    String number = String.format(Locale.ROOT, "%.3f", value);
    String drawn = scale <= 0 ? "" : bar(value / scale * bar);
    return padLeft(number, NUMBER_WIDTH) + ' ' + drawn + " ".repeat(bar + 1 - drawn.length());
  }

  /** A bar of {@code length} characters, to an eighth. */
  private String bar(double length) {
    if (!blocks) {
      return "#".repeat((int) Math.round(length));
    }
    int eighths = (int) Math.round(length * 8);
    String full = "█".repeat(eighths / 8);
    return eighths % 8 == 0 ? full : full + EIGHTHS.charAt(eighths % 8);
  }

  private static String padLeft(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
