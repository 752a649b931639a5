package io.radialnet.jobs.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How numbers are written in sentences. */
final class Words {

  private Words() {}

  /** Three significant digits: 0.158, 0.0873. */
  static String ratio(double value) {
    if (!Double.isFinite(value)) {
      return "unknown";
    }
    int exponent = value == 0 ? 0 : (int) Math.floor(Math.log10(Math.abs(value)));
    return String.format(Locale.ROOT, "%." + Math.max(0, Math.min(6, 2 - exponent)) + "f", value);
  }

  /** As {@link #ratio}, with its sign. */
  static String signed(double value) {
    return value < 0 ? "-" + ratio(-value) : "+" + ratio(value);
  }

  /** A share in percent: 19 %, 0.7 %. */
  static String percent(double share) {
    if (!Double.isFinite(share)) {
      return "an unknown share";
    }
    double percent = 100 * share;
    if (percent > 0 && percent < 0.1) {
      return "under 0.1 %";
    }
    boolean whole = percent >= 9.95 || percent == 0;
    return String.format(Locale.ROOT, whole ? "%.0f %%" : "%.1f %%", percent);
  }

  /** A 95 % interval: 0.156 to 0.159. */
  static String interval(double low, double high) {
    return ratio(low) + " to " + ratio(high);
  }

  /** A median with its 95 % interval, where there is one. */
  static String median(double p50, double low, double high) {
    return Double.isNaN(low) ? ratio(p50) : ratio(p50) + " (95 %: " + interval(low, high) + ")";
  }

  /** 6.17 M, 2.7 B. */
  static String parameters(long parameters) {
    return parameters >= 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f B", parameters / 1e9)
        : String.format(Locale.ROOT, "%.2f M", parameters / 1e6);
  }

  /** A, B and C. */
  static String list(List<String> words) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }

  /** Of layers, ascending: layer 3; layers 0 to 4, 7 and 9. */
  static String layers(List<Integer> layers) {
    List<String> ranges = new ArrayList<>();
    for (int first = 0, next; first < layers.size(); first = next) {
      next = first + 1;
      while (next < layers.size() && layers.get(next) == layers.get(next - 1) + 1) {
        next++;
      }
      if (next - first > 2) {
        ranges.add(layers.get(first) + " to " + layers.get(next - 1));
      } else {
        layers.subList(first, next).forEach(layer -> ranges.add(layer.toString()));
      }
    }
    return (layers.size() == 1 ? "layer " : "layers ") + list(ranges);
  }

  /** 1 layer, 2 layers. */
  static String count(long count, String noun) {
    return String.format(Locale.ROOT, count == 1 ? "%,d %s" : "%,d %ss", count, noun);
  }
}
