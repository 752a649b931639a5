package io.radialnet.jobs.options;

import io.radialnet.error.UserException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options of {@code report}. Immutable; stays on the driver. Paths are of any Hadoop file
 * system.
 *
 * @param tables the directory of the Delta tables that the command aggregate wrote
 * @param out the page to write
 * @param profiles where profiles lie that are not, or no longer, where aggregate read them
 * @param document the id of the document that is shown token by token; one is chosen if empty
 */
public record ReportOptions(
    String tables, String out, List<String> profiles, Optional<String> document) {

  /**
   * Checks all options.
   *
   * @throws UserException naming every option that cannot be as it is
   */
  public ReportOptions {
    profiles = List.copyOf(profiles);
    List<String> problems = new ArrayList<>();
    if (tables.isBlank()) {
      problems.add("--tables is empty");
    }
    if (out.isBlank()) {
      problems.add("--out is empty");
    } else if (out.endsWith("/")) {
      problems.add("--out is " + out + ", a directory; expected a file such as report.html");
    }
    if (profiles.stream().anyMatch(String::isBlank)) {
      problems.add("--profiles has an empty name");
    }
    if (Set.copyOf(profiles).size() < profiles.size()) {
      problems.add("--profiles is " + String.join(",", profiles) + ", which repeats a name");
    }
    if (document.filter(String::isEmpty).isPresent()) {
      problems.add("--document is empty");
    }
    if (!problems.isEmpty()) {
      throw UserException.of(
          "Cannot report with these options",
          String.join("; ", problems),
          "Correct them; `radial report --help` explains each");
    }
  }

  /** Options that are all at their defaults, but for the two that have none. */
  public static Builder builder(String tables, String out) {
    return new Builder(tables, out);
  }

  /**
   * The options by their keys, as flags and files spell them, in the order of the help. Those not
   * given are absent.
   */
  public Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("tables", tables);
    map.put("out", out);
    if (!profiles.isEmpty()) {
      map.put("profiles", String.join(",", profiles));
    }
    document.ifPresent(value -> map.put("document", value));
    return map;
  }

  /** Collects options, starting from their defaults. Not thread-safe. */
  public static final class Builder {
    private final String tables;
    private final String out;
    private List<String> profiles = List.of();
    private Optional<String> document = Optional.empty();

    private Builder(String tables, String out) {
      this.tables = tables;
      this.out = out;
    }

    /** Reads tokens from these profiles, where they are of the runs shown. */
    public Builder profiles(List<String> values) {
      profiles = values;
      return this;
    }

    /** Shows the tokens of this document. */
    public Builder document(String id) {
      document = Optional.of(id);
      return this;
    }

    /**
     * The options.
     *
     * @throws UserException naming every option that cannot be as it is
     */
    public ReportOptions build() {
      return new ReportOptions(tables, out, profiles, document);
    }
  }
}
