package io.radialnet.jobs.options;

import io.radialnet.error.UserException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The options of {@code fit-routers}. Immutable; stays on the driver. Paths are of any Hadoop file
 * system.
 *
 * @param examples the directory that the command router-data wrote
 * @param out where models and routers go
 * @param tables the directory of the Delta tables
 * @param learners what is fitted; the first of mlp and logistic becomes {@code routers.safetensors}
 * @param hidden hidden units of the mlp to choose among
 * @param regularization L2 penalties of the logistic regression to choose among
 * @param depth depths of the boosted trees to choose among
 * @param trees how many trees are boosted
 * @param iterations of the optimizer of mlp and logistic, at most
 * @param tuneExamples examples of a router that the choice is made on, about so many at most
 * @param shares target shares of tokens that skip a block; each gets a threshold
 * @param transfer the learner that is fitted on each slice alone, too, and tested on every other
 * @param bootstrap resamples behind the intervals; 0: there are none
 * @param seed of resampling, sampling and initial weights
 * @param parallelism routers fitted at once; empty: as many as Spark has cores
 * @param overwrite whether routers that are in {@code out} may be replaced
 */
public record FitRoutersOptions(
    String examples,
    String out,
    String tables,
    List<Learner> learners,
    List<Integer> hidden,
    List<Double> regularization,
    List<Integer> depth,
    int trees,
    int iterations,
    int tuneExamples,
    List<Double> shares,
    Optional<Learner> transfer,
    int bootstrap,
    long seed,
    OptionalInt parallelism,
    boolean overwrite) {

  /** The default of {@code --learner}. */
  public static final String DEFAULT_LEARNERS = "mlp,logistic,gbt";

  /** The default of {@code --hidden}. */
  public static final String DEFAULT_HIDDEN = "16";

  /** The default of {@code --regularization}. */
  public static final String DEFAULT_REGULARIZATION = "0.0001,0.01";

  /** The default of {@code --depth}. */
  public static final String DEFAULT_DEPTH = "4";

  /** The default of {@code --trees}. */
  public static final int DEFAULT_TREES = 20;

  /** The default of {@code --iterations}. */
  public static final int DEFAULT_ITERATIONS = 30;

  /** The default of {@code --tune-examples}. */
  public static final int DEFAULT_TUNE_EXAMPLES = 10_000;

  /** The default of {@code --shares}. */
  public static final String DEFAULT_SHARES = "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9";

  /** The default of {@code --bootstrap}. */
  public static final int DEFAULT_BOOTSTRAP = 200;

  /** The default of {@code --seed}. */
  public static final long DEFAULT_SEED = 1;

  private static final int MIN_TUNE_EXAMPLES = 100;
  private static final int MAX_HIDDEN = 4_096;
  private static final int MAX_DEPTH = 30; // MLlib's
  private static final int MAX_TREES = 1_000;
  private static final int MIN_BOOTSTRAP = 100;
  private static final int MAX_BOOTSTRAP = 10_000;

  /**
   * Checks all options.
   *
   * @throws UserException naming every option that cannot be as it is
   */
  public FitRoutersOptions {
    learners = List.copyOf(learners);
    hidden = List.copyOf(hidden);
    regularization = List.copyOf(regularization);
    depth = List.copyOf(depth);
    shares = List.copyOf(shares);
    List<String> problems = new ArrayList<>();
    checkPlaces(problems, examples, out, tables);
    checkEach(problems, "--learner", learners, learner -> true, "");
    String units = "each 1 to " + MAX_HIDDEN;
    checkEach(problems, "--hidden", hidden, h -> h >= 1 && h <= MAX_HIDDEN, units);
    checkEach(
        problems, "--regularization", regularization, r -> r >= 0 && r < 1e6, "each 0 or more");
    String levels = "each 1 to " + MAX_DEPTH;
    checkEach(problems, "--depth", depth, d -> d >= 1 && d <= MAX_DEPTH, levels);
    checkEach(problems, "--shares", shares, s -> s > 0 && s < 1, "each above 0 and under 1");
    checkRange(problems, "--trees", trees, 1, MAX_TREES);
    checkRange(problems, "--iterations", iterations, 1, Integer.MAX_VALUE);
    checkRange(problems, "--tune-examples", tuneExamples, MIN_TUNE_EXAMPLES, Integer.MAX_VALUE);
    if (bootstrap != 0) {
      checkRange(problems, "--bootstrap", bootstrap, MIN_BOOTSTRAP, MAX_BOOTSTRAP);
    }
    if (parallelism.isPresent()) {
      checkRange(problems, "--parallelism", parallelism.getAsInt(), 1, Integer.MAX_VALUE);
    }
    if (transfer.isPresent() && !learners.contains(transfer.get())) {
      problems.add("--transfer is " + transfer.get() + ", which is not of --learner");
    }
    if (!problems.isEmpty()) {
      throw UserException.of(
          "Cannot fit routers with these options",
          String.join("; ", problems),
          "Correct them; `radial fit-routers --help` explains each");
    }
  }

  private static void checkPlaces(
      List<String> problems, String examples, String out, String tables) {
    if (examples.isBlank()) {
      problems.add("--examples is empty");
    }
    if (out.isBlank()) {
      problems.add("--out is empty");
    } else if (Places.withoutSlash(out).equals(Places.withoutSlash(examples))) {
      problems.add("--out and --examples name the same place, " + out);
    } else if (Places.withoutSlash(out).equals(Places.withoutSlash(tables))) {
      problems.add("--out and --tables name the same place, " + out);
    }
    if (tables.isBlank()) {
      problems.add("--tables is empty");
    }
  }

  private static <T> void checkEach(
      List<String> problems, String key, List<T> values, Predicate<T> fits, String expected) {
    if (values.isEmpty()) {
      problems.add(key + " is empty");
    } else if (!values.stream().allMatch(fits)) {
      problems.add(key + " is " + joined(values) + ", expected " + expected);
    } else if (new HashSet<>(values).size() < values.size()) {
      problems.add(key + " is " + joined(values) + ", which repeats a value");
    }
  }

  private static void checkRange(
      List<String> problems, String key, int value, int least, int most) {
    if (value < least || value > most) {
      String expected = most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
      problems.add(key + " is " + value + ", expected " + expected);
    }
  }

  private static String joined(List<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** Options that are all at their defaults, but for the two that have none. */
  public static Builder builder(String examples, String out) {
    return new Builder(examples, out);
  }

  /**
   * The options by their keys, as flags and files spell them, in the order of the help. Those not
   * given are absent.
   */
  public Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("examples", examples);
    map.put("out", out);
    map.put("tables", tables);
    map.put("learner", joined(learners));
    map.put("hidden", joined(hidden));
    map.put("regularization", joined(regularization));
    map.put("depth", joined(depth));
    map.put("trees", Integer.toString(trees));
    map.put("iterations", Integer.toString(iterations));
    map.put("tune-examples", Integer.toString(tuneExamples));
    map.put("shares", joined(shares));
    map.put("transfer", transfer.map(Learner::toString).orElse("none"));
    map.put("bootstrap", Integer.toString(bootstrap));
    map.put("seed", Long.toString(seed));
    parallelism.ifPresent(value -> map.put("parallelism", Integer.toString(value)));
    map.put("overwrite", Boolean.toString(overwrite));
    return map;
  }

  /** Collects options, starting from their defaults. Not thread-safe. */
  public static final class Builder {
    private final String examples;
    private final String out;
    private Optional<String> tables = Optional.empty();
    private List<Learner> learners = List.of(Learner.MLP, Learner.LOGISTIC, Learner.GBT);
    private List<Integer> hidden = List.of(16);
    private List<Double> regularization = List.of(0.0001, 0.01);
    private List<Integer> depth = List.of(4);
    private int trees = DEFAULT_TREES;
    private int iterations = DEFAULT_ITERATIONS;
    private int tuneExamples = DEFAULT_TUNE_EXAMPLES;
    private List<Double> shares = List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
    private Optional<Learner> transfer = Optional.empty();
    private boolean transfers = true;
    private int bootstrap = DEFAULT_BOOTSTRAP;
    private long seed = DEFAULT_SEED;
    private OptionalInt parallelism = OptionalInt.empty();
    private boolean overwrite;

    private Builder(String examples, String out) {
      this.examples = examples;
      this.out = out;
    }

    /** Writes the Delta tables there; by default into {@code tables} of {@code out}. */
    public Builder tables(String directory) {
      tables = Optional.of(directory);
      return this;
    }

    /** Fits these. */
    public Builder learners(List<Learner> values) {
      learners = values;
      return this;
    }

    /** Fits these. */
    public Builder learners(Learner... values) {
      return learners(List.of(values));
    }

    /** Chooses among so many hidden units. */
    public Builder hidden(List<Integer> values) {
      hidden = values;
      return this;
    }

    /** Chooses among these L2 penalties. */
    public Builder regularization(List<Double> values) {
      regularization = values;
      return this;
    }

    /** Chooses among these depths of trees. */
    public Builder depth(List<Integer> values) {
      depth = values;
      return this;
    }

    /** Boosts so many trees. */
    public Builder trees(int count) {
      trees = count;
      return this;
    }

    /** Lets optimizers run so long at most. */
    public Builder iterations(int count) {
      iterations = count;
      return this;
    }

    /** Chooses on about so many examples of a router at most. */
    public Builder tuneExamples(int count) {
      tuneExamples = count;
      return this;
    }

    /** Makes thresholds for these target shares. */
    public Builder shares(List<Double> values) {
      shares = values;
      return this;
    }

    /** Fits this learner on each slice alone, too; by default logistic, where it is fitted. */
    public Builder transfer(Learner learner) {
      transfer = Optional.of(learner);
      transfers = true;
      return this;
    }

    /** Fits nothing on slices alone. */
    public Builder withoutTransfer() {
      transfers = false;
      return this;
    }

    /** Resamples so often. */
    public Builder bootstrap(int resamples) {
      bootstrap = resamples;
      return this;
    }

    /** Draws by this seed. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Fits so many routers at once. */
    public Builder parallelism(int routers) {
      parallelism = OptionalInt.of(routers);
      return this;
    }

    /** Replaces routers that are there. */
    public Builder overwriting() {
      overwrite = true;
      return this;
    }

    /**
     * The options.
     *
     * @throws UserException naming every option that cannot be as it is
     */
    public FitRoutersOptions build() {
      return new FitRoutersOptions(
          examples,
          out,
          tables.orElseGet(() -> Places.withoutSlash(out) + "/tables"),
          learners,
          hidden,
          regularization,
          depth,
          trees,
          iterations,
          tuneExamples,
          shares.stream().sorted().toList(),
          transferred(),
          bootstrap,
          seed,
          parallelism,
          overwrite);
    }

    private Optional<Learner> transferred() {
      if (!transfers) {
        return Optional.empty();
      }
      return transfer.isEmpty() && learners.contains(Learner.LOGISTIC)
          ? Optional.of(Learner.LOGISTIC)
          : transfer;
    }
  }
}
