package io.radialnet.jobs.options;

import io.radialnet.error.UserException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The options of {@code aggregate}. Immutable; stays on the driver. Paths are of any Hadoop file
 * system.
 *
 * @param profiles directories that the command profile wrote
 * @param tables the directory of the Delta tables
 * @param sliceBy kept columns whose values are slices
 * @param pool the name of the pool that the profiles are folded into
 * @param bootstrap resamples behind the intervals; 0: there are none
 * @param seed of the resampling
 */
public record AggregateOptions(
    List<String> profiles,
    String tables,
    List<String> sliceBy,
    Optional<String> pool,
    int bootstrap,
    long seed) {

  /** The default of {@code --bootstrap}. */
  public static final int DEFAULT_BOOTSTRAP = 200;

  /** The default of {@code --seed}. */
  public static final long DEFAULT_SEED = 1;

  private static final int MIN_BOOTSTRAP = 100;
  private static final int MAX_BOOTSTRAP = 10_000;
  private static final Pattern POOL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final Pattern RUN_ID = Pattern.compile("[0-9a-f]{16}");

  /**
   * Checks all options.
   *
   * @throws UserException naming every option that cannot be as it is
   */
  public AggregateOptions {
    profiles = List.copyOf(profiles);
    sliceBy = List.copyOf(sliceBy);
    List<String> problems = new ArrayList<>();
    checkNames(problems, "--profiles", profiles.stream().map(Places::withoutSlash).toList());
    if (profiles.isEmpty()) {
      problems.add("--profiles is empty");
    }
    if (tables.isBlank()) {
      problems.add("--tables is empty");
    }
    String place = Places.withoutSlash(tables);
    if (!place.isBlank() && profiles.stream().anyMatch(p -> Places.withoutSlash(p).equals(place))) {
      problems.add("--tables and --profiles name the same place, " + tables);
    }
    checkNames(problems, "--slice-by", sliceBy);
    if (pool.isPresent() && !POOL.matcher(pool.get()).matches()) {
      problems.add(
          "--pool is '"
              + pool.get()
              + "', expected a letter or digit and then at most 63 letters, digits, _ . or -");
    } else if (pool.isPresent() && RUN_ID.matcher(pool.get()).matches()) {
      problems.add("--pool is '" + pool.get() + "', which looks like a run_id");
    }
    if (bootstrap != 0 && (bootstrap < MIN_BOOTSTRAP || bootstrap > MAX_BOOTSTRAP)) {
      problems.add(
          "--bootstrap is "
              + bootstrap
              + ", expected 0 (no intervals) or "
              + MIN_BOOTSTRAP
              + " to "
              + MAX_BOOTSTRAP);
    }
    if (!problems.isEmpty()) {
      throw UserException.of(
          "Cannot aggregate with these options",
          String.join("; ", problems),
          "Correct them; `radial aggregate --help` explains each");
    }
  }

  /** Options that are all at their defaults, but for the two that have none. */
  public static Builder builder(List<String> profiles, String tables) {
    return new Builder(profiles, tables);
  }

  /**
   * The options by their keys, as flags and files spell them, in the order of the help. Those not
   * given are absent.
   */
  public Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("profiles", String.join(",", profiles));
    map.put("tables", tables);
    map.put("slice-by", String.join(",", sliceBy));
    pool.ifPresent(value -> map.put("pool", value));
    map.put("bootstrap", Integer.toString(bootstrap));
    map.put("seed", Long.toString(seed));
    return map;
  }

  private static void checkNames(List<String> problems, String key, List<String> names) {
    if (names.stream().anyMatch(String::isBlank)) {
      problems.add(key + " has an empty name");
    }
    if (Set.copyOf(names).size() < names.size()) {
      problems.add(key + " is " + String.join(",", names) + ", which repeats a name");
    }
  }

  /** Collects options, starting from their defaults. Not thread-safe. */
  public static final class Builder {
    private final List<String> profiles;
    private final String tables;
    private List<String> sliceBy = List.of();
    private Optional<String> pool = Optional.empty();
    private int bootstrap = DEFAULT_BOOTSTRAP;
    private long seed = DEFAULT_SEED;

    private Builder(List<String> profiles, String tables) {
      this.profiles = profiles;
      this.tables = tables;
    }

    /** Makes the values of these kept columns slices. */
    public Builder sliceBy(String... values) {
      return sliceBy(Arrays.asList(values));
    }

    /** Makes the values of these kept columns slices. */
    public Builder sliceBy(List<String> values) {
      sliceBy = values;
      return this;
    }

    /** Folds the profiles into this pool. */
    public Builder pool(String name) {
      pool = Optional.of(name);
      return this;
    }

    /** Resamples so often. */
    public Builder bootstrap(int resamples) {
      bootstrap = resamples;
      return this;
    }

    /** Resamples by this seed. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws UserException naming every option that cannot be as it is
     */
    public AggregateOptions build() {
      return new AggregateOptions(profiles, tables, sliceBy, pool, bootstrap, seed);
    }
  }
}
