package io.radialnet.jobs.options;

import io.radialnet.error.UserException;
import io.radialnet.router.RouterFeatures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of {@code router-data}. Immutable; stays on the driver. Paths are of any Hadoop file
 * system. How the corpus is read and cut is the profile's, for the examples are about its tokens.
 *
 * @param model a Hugging Face model directory, the one that was profiled
 * @param corpus the corpus that was profiled
 * @param profile a directory that the command profile wrote
 * @param out the directory to write
 * @param threshold a block with a smaller residual ratio is labelled as one to skip; in (0, 1)
 * @param examples how many examples are wanted in all, about
 * @param seed of the sample and of the projection
 * @param sliceBy the kept column that the sample is spread over; empty: domain where there is one
 * @param projection k, numbers that a block's input is projected to
 * @param dtype the type of weights and activations; auto: the profile's
 * @param device where the model runs
 * @param batchTokens tokens of a batch at most
 * @param overwrite whether what other options wrote to {@code out} is replaced
 */
public record RouterDataOptions(
    String model,
    String corpus,
    String profile,
    String out,
    double threshold,
    long examples,
    long seed,
    Optional<String> sliceBy,
    int projection,
    Dtype dtype,
    DeviceChoice device,
    int batchTokens,
    boolean overwrite) {

  /** The default of {@code --threshold}. */
  public static final double DEFAULT_THRESHOLD = 0.1;

  /** The default of {@code --examples}. */
  public static final long DEFAULT_EXAMPLES = 500_000;

  /** The default of {@code --seed}. */
  public static final long DEFAULT_SEED = 1;

  private static final int MAX_PROJECTION = 4096;

  /**
   * Checks all options.
   *
   * @throws UserException naming every option that cannot be as it is
   */
  public RouterDataOptions {
    List<String> problems = new ArrayList<>();
    Places.check(problems, inputs(model, corpus, profile), out);
    if (!(threshold > 0 && threshold < 1)) {
      problems.add("--threshold is " + threshold + ", expected above 0 and below 1");
    }
    if (examples < 1) {
      problems.add("--examples is " + examples + ", expected at least 1");
    }
    if (sliceBy.isPresent() && sliceBy.get().isBlank()) {
      problems.add("--slice-by is empty");
    }
    if (projection < 1 || projection > MAX_PROJECTION) {
      problems.add("--projection is " + projection + ", expected 1 to " + MAX_PROJECTION);
    }
    if (batchTokens < 1) {
      problems.add("--batch-tokens is " + batchTokens + ", expected at least 1");
    }
    if (!problems.isEmpty()) {
      throw UserException.of(
          "Cannot make router examples with these options",
          String.join("; ", problems),
          "Correct them; `radial router-data --help` explains each");
    }
  }

  /** Options that are all at their defaults, but for the four that have none. */
  public static Builder builder(String model, String corpus, String profile, String out) {
    return new Builder(model, corpus, profile, out);
  }

  /**
   * The options by their keys, as flags and files spell them, in the order of the help. Those not
   * given are absent.
   */
  public Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("model", model);
    map.put("corpus", corpus);
    map.put("profile", profile);
    map.put("out", out);
    map.put("threshold", Double.toString(threshold));
    map.put("examples", Long.toString(examples));
    map.put("seed", Long.toString(seed));
    sliceBy.ifPresent(value -> map.put("slice-by", value));
    map.put("projection", Integer.toString(projection));
    map.put("dtype", dtype.toString());
    map.put("device", device.toString());
    map.put("batch-tokens", Integer.toString(batchTokens));
    map.put("overwrite", Boolean.toString(overwrite));
    return map;
  }

  private static Map<String, String> inputs(String model, String corpus, String profile) {
    Map<String, String> inputs = new LinkedHashMap<>();
    inputs.put("--model", model);
    inputs.put("--corpus", corpus);
    inputs.put("--profile", profile);
    return inputs;
  }

  /** Collects options, starting from their defaults. Not thread-safe. */
  public static final class Builder {
    private final String model;
    private final String corpus;
    private final String profile;
    private final String out;
    private double threshold = DEFAULT_THRESHOLD;
    private long examples = DEFAULT_EXAMPLES;
    private long seed = DEFAULT_SEED;
    private Optional<String> sliceBy = Optional.empty();
    private int projection = RouterFeatures.DEFAULT_PROJECTION;
    private Dtype dtype = Dtype.AUTO;
    private DeviceChoice device = DeviceChoice.AUTO;
    private int batchTokens = ProfileOptions.DEFAULT_BATCH_TOKENS;
    private boolean overwrite;

    private Builder(String model, String corpus, String profile, String out) {
      this.model = model;
      this.corpus = corpus;
      this.profile = profile;
      this.out = out;
    }

    /** Labels blocks with a smaller ratio as ones to skip. */
    public Builder threshold(double ratio) {
      threshold = ratio;
      return this;
    }

    /** Samples about so many examples. */
    public Builder examples(long count) {
      examples = count;
      return this;
    }

    /** Samples and projects by this seed. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Spreads the sample over the values of this kept column. */
    public Builder sliceBy(String column) {
      sliceBy = Optional.of(column);
      return this;
    }

    /** Projects a block's input to so many numbers. */
    public Builder projection(int numbers) {
      projection = numbers;
      return this;
    }

    /** Runs in this type. */
    public Builder dtype(Dtype value) {
      dtype = value;
      return this;
    }

    /** Runs here. */
    public Builder device(DeviceChoice value) {
      device = value;
      return this;
    }

    /** Runs at most this many tokens at once. */
    public Builder batchTokens(int tokens) {
      batchTokens = tokens;
      return this;
    }

    /** Replaces what a run with other options wrote to the same place. */
    public Builder overwriting() {
      overwrite = true;
      return this;
    }

    /**
     * The options.
     *
     * @throws UserException naming every option that cannot be as it is
     */
    public RouterDataOptions build() {
      return new RouterDataOptions(
          model,
          corpus,
          profile,
          out,
          threshold,
          examples,
          seed,
          sliceBy,
          projection,
          dtype,
          device,
          batchTokens,
          overwrite);
    }
  }
}
