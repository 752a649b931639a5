package io.radialnet.jobs.options;

import java.util.List;
import java.util.Map;

/** What options that name files and directories have in common. */
final class Places {

  private Places() {}

  /** A path as it was given, but for slashes at its end. */
  static String withoutSlash(String path) {
    return path.replaceAll("(?<=.)/+$", "");
  }

  /**
   * Checks what is read and where is written.
   *
   * @param problems collects what is empty, then what is the same place as {@code out}
   * @param inputs paths by their keys, such as {@code --model}
   */
  static void check(List<String> problems, Map<String, String> inputs, String out) {
    inputs.forEach((key, path) -> requireNamed(problems, key, path));
    requireNamed(problems, "--out", out);
    inputs.forEach(
        (key, path) -> {
          if (!out.isBlank() && withoutSlash(out).equals(withoutSlash(path))) {
            problems.add("--out and " + key + " are the same place, " + out);
          }
        });
  }

  private static void requireNamed(List<String> problems, String key, String path) {
    if (path.isBlank()) {
      problems.add(key + " is empty");
    }
  }
}
