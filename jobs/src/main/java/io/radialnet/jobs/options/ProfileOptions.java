package io.radialnet.jobs.options;

import io.radialnet.error.UserException;
import io.radialnet.probe.Measure;
import io.radialnet.transformer.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The options of {@code profile}. Immutable; stays on the driver. Paths are of any Hadoop file
 * system. An empty optional leaves the choice to the job, which knows model and corpus.
 *
 * @param model a Hugging Face model directory
 * @param corpus a file, directory or glob
 * @param out the directory to write
 * @param blocks which residual additions are measured, in column order
 * @param measures what is measured of each, in column order
 * @param format how the corpus is stored
 * @param textColumn the column of a document's text
 * @param idColumn the column of a document's id; empty: {@code doc_id} where there is one
 * @param keepColumns columns of the corpus to repeat beside each token
 * @param dtype the type of weights and activations
 * @param device where the model runs
 * @param loss whether each token's surprisal is computed
 * @param maxLength tokens of a window at most, specials counted; empty: as the model allows
 * @param addSpecialTokens whether the tokenizer adds its special tokens; empty: as it is configured
 * @param batchTokens tokens of a batch at most
 * @param shards into how many parts the corpus is cut; empty: by its size
 * @param limitDocs how many documents are read at most; empty: all
 * @param sampleFraction which share of the documents is read, above 0 and at most 1; empty: all
 * @param weights how the model is held
 * @param maxErrorFraction the share of documents that may fail, 0 to 1
 * @param overwrite whether what other options wrote to {@code out} is replaced
 */
public record ProfileOptions(
    String model,
    String corpus,
    String out,
    List<Block> blocks,
    List<Measure> measures,
    CorpusFormat format,
    String textColumn,
    Optional<String> idColumn,
    List<String> keepColumns,
    Dtype dtype,
    DeviceChoice device,
    boolean loss,
    OptionalInt maxLength,
    Optional<Boolean> addSpecialTokens,
    int batchTokens,
    OptionalInt shards,
    OptionalInt limitDocs,
    OptionalDouble sampleFraction,
    WeightsChoice weights,
    double maxErrorFraction,
    boolean overwrite) {

  /** The default of {@code --text-column}. */
  public static final String DEFAULT_TEXT_COLUMN = "text";

  /** The default of {@code --batch-tokens}. */
  public static final int DEFAULT_BATCH_TOKENS = 2048;

  /** The default of {@code --max-error-fraction}. */
  public static final double DEFAULT_MAX_ERROR_FRACTION = 0.01;

  /** The most parts that a corpus is cut into. */
  public static final int MAX_SHARDS = 10_000;

  private static final Set<String> OWN_COLUMNS =
      Set.of(
          "doc_id",
          "window",
          "position",
          "doc_position",
          "token_id",
          "token",
          "is_special",
          "surprisal",
          "shard");

  /**
   * Checks all options.
   *
   * @throws UserException naming every option that cannot be as it is
   */
  public ProfileOptions {
    blocks = List.copyOf(blocks);
    measures = List.copyOf(measures);
    keepColumns = List.copyOf(keepColumns);
    List<String> problems = new ArrayList<>();
    Places.check(problems, inputs(model, corpus), out);
    checkColumns(problems, textColumn, idColumn, keepColumns);
    checkDistinct(problems, "--blocks", blocks, Block::column);
    checkDistinct(problems, "--measures", measures, Measure::column);
    checkSupported(problems, format, weights);
    checkAtLeastOne(problems, "--max-length", maxLength);
    checkAtLeastOne(problems, "--batch-tokens", OptionalInt.of(batchTokens));
    checkAtLeastOne(problems, "--shards", shards);
    checkAtLeastOne(problems, "--limit-docs", limitDocs);
    if (shards.orElse(1) > MAX_SHARDS) {
      problems.add(
          "--shards is " + shards.getAsInt() + ", at most " + MAX_SHARDS + " are possible");
    }
    double fraction = sampleFraction.orElse(1);
    if (!(fraction > 0 && fraction <= 1)) {
      problems.add("--sample-fraction is " + fraction + ", expected above 0 and at most 1");
    }
    if (!(maxErrorFraction >= 0 && maxErrorFraction <= 1)) {
      problems.add("--max-error-fraction is " + maxErrorFraction + ", expected 0 to 1");
    }
    if (!problems.isEmpty()) {
      throw UserException.of(
          "Cannot profile with these options",
          String.join("; ", problems),
          "Correct them; `radial profile --help` explains each");
    }
  }

  /** Options that are all at their defaults, but for the three that have none. */
  public static Builder builder(String model, String corpus, String out) {
    return new Builder(model, corpus, out);
  }

  /**
   * The options by their keys, as flags and files spell them, in the order of the help. Those that
   * are left to the job are absent.
   */
  public Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("model", model);
    map.put("corpus", corpus);
    map.put("out", out);
    map.put("blocks", joined(blocks, Block::column));
    map.put("measures", joined(measures, Measure::column));
    map.put("format", format.toString());
    map.put("text-column", textColumn);
    idColumn.ifPresent(value -> map.put("id-column", value));
    map.put("keep-columns", String.join(",", keepColumns));
    map.put("dtype", dtype.toString());
    map.put("device", device.toString());
    map.put("loss", Boolean.toString(loss));
    maxLength.ifPresent(value -> map.put("max-length", Integer.toString(value)));
    addSpecialTokens.ifPresent(value -> map.put("add-special-tokens", value.toString()));
    map.put("batch-tokens", Integer.toString(batchTokens));
    shards.ifPresent(value -> map.put("shards", Integer.toString(value)));
    limitDocs.ifPresent(value -> map.put("limit-docs", Integer.toString(value)));
    sampleFraction.ifPresent(value -> map.put("sample-fraction", Double.toString(value)));
    map.put("weights", weights.toString());
    map.put("max-error-fraction", Double.toString(maxErrorFraction));
    map.put("overwrite", Boolean.toString(overwrite));
    return map;
  }

  private static Map<String, String> inputs(String model, String corpus) {
    Map<String, String> inputs = new LinkedHashMap<>();
    inputs.put("--model", model);
    inputs.put("--corpus", corpus);
    return inputs;
  }

  private static void checkColumns(
      List<String> problems,
      String textColumn,
      Optional<String> idColumn,
      List<String> keepColumns) {
    if (textColumn.isBlank()) {
      problems.add("--text-column is empty");
    }
    if (idColumn.isPresent() && idColumn.get().isBlank()) {
      problems.add("--id-column is empty");
    }
    Set<String> taken = new LinkedHashSet<>(OWN_COLUMNS);
    for (Block block : Block.values()) {
      for (Measure measure : Measure.values()) {
        taken.add(block.column() + "_" + measure.column());
      }
    }
    for (String column : keepColumns) {
      if (column.isBlank()) {
        problems.add("--keep-columns has an empty name");
      } else if (!taken.add(column.toLowerCase(Locale.ROOT))) {
        problems.add("--keep-columns names '" + column + "', which the output has already");
      }
    }
  }

  private static <T> void checkDistinct(
      List<String> problems, String key, List<T> values, Function<T, String> name) {
    if (values.isEmpty()) {
      problems.add(key + " is empty");
    } else if (Set.copyOf(values).size() < values.size()) {
      problems.add(key + " is " + joined(values, name) + ", which repeats a name");
    }
  }

  private static void checkSupported(
      List<String> problems, CorpusFormat format, WeightsChoice weights) {
    if (format == CorpusFormat.IMAGES) {
      problems.add("--format is images, this version profiles text only");
    }
    if (weights == WeightsChoice.STREAMED) {
      problems.add("--weights is streamed, this version holds all weights in memory");
    }
  }

  private static void checkAtLeastOne(List<String> problems, String key, OptionalInt value) {
    if (value.orElse(1) < 1) {
      problems.add(key + " is " + value.getAsInt() + ", expected at least 1");
    }
  }

  private static <T> String joined(List<T> values, Function<T, String> name) {
    return values.stream().map(name).collect(Collectors.joining(","));
  }

  /** Collects options, starting from their defaults. Not thread-safe. */
  public static final class Builder {
    private final String model;
    private final String corpus;
    private final String out;
    private List<Block> blocks = List.of(Block.values());
    private List<Measure> measures = List.of(Measure.RATIO, Measure.COSINE);
    private CorpusFormat format = CorpusFormat.AUTO;
    private String textColumn = DEFAULT_TEXT_COLUMN;
    private Optional<String> idColumn = Optional.empty();
    private List<String> keepColumns = List.of();
    private Dtype dtype = Dtype.AUTO;
    private DeviceChoice device = DeviceChoice.AUTO;
    private boolean loss;
    private OptionalInt maxLength = OptionalInt.empty();
    private Optional<Boolean> addSpecialTokens = Optional.empty();
    private int batchTokens = DEFAULT_BATCH_TOKENS;
    private OptionalInt shards = OptionalInt.empty();
    private OptionalInt limitDocs = OptionalInt.empty();
    private OptionalDouble sampleFraction = OptionalDouble.empty();
    private WeightsChoice weights = WeightsChoice.AUTO;
    private double maxErrorFraction = DEFAULT_MAX_ERROR_FRACTION;
    private boolean overwrite;

    private Builder(String model, String corpus, String out) {
      this.model = model;
      this.corpus = corpus;
      this.out = out;
    }

    /** Measures these residual additions. */
    public Builder blocks(Block... values) {
      return blocks(Arrays.asList(values));
    }

    /** Measures these residual additions. */
    public Builder blocks(List<Block> values) {
      blocks = values;
      return this;
    }

    /** Measures this of each addition. */
    public Builder measures(Measure... values) {
      return measures(Arrays.asList(values));
    }

    /** Measures this of each addition. */
    public Builder measures(List<Measure> values) {
      measures = values;
      return this;
    }

    /** Reads the corpus as this. */
    public Builder format(CorpusFormat value) {
      format = value;
      return this;
    }

    /** Takes a document's text from this column. */
    public Builder textColumn(String value) {
      textColumn = value;
      return this;
    }

    /** Takes a document's id from this column. */
    public Builder idColumn(String value) {
      idColumn = Optional.of(value);
      return this;
    }

    /** Repeats these columns of the corpus beside each token. */
    public Builder keepColumns(String... values) {
      return keepColumns(Arrays.asList(values));
    }

    /** Repeats these columns of the corpus beside each token. */
    public Builder keepColumns(List<String> values) {
      keepColumns = values;
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

    /** Computes each token's surprisal. */
    public Builder withLoss() {
      loss = true;
      return this;
    }

    /** Cuts documents into windows of this many tokens, specials counted. */
    public Builder maxLength(int tokens) {
      maxLength = OptionalInt.of(tokens);
      return this;
    }

    /** Lets the tokenizer add its special tokens, whatever its configuration says. */
    public Builder withSpecialTokens() {
      addSpecialTokens = Optional.of(true);
      return this;
    }

    /** Keeps the tokenizer from adding special tokens, whatever its configuration says. */
    public Builder withoutSpecialTokens() {
      addSpecialTokens = Optional.of(false);
      return this;
    }

    /** Runs at most this many tokens at once. */
    public Builder batchTokens(int tokens) {
      batchTokens = tokens;
      return this;
    }

    /** Cuts the corpus into this many parts. */
    public Builder shards(int count) {
      shards = OptionalInt.of(count);
      return this;
    }

    /** Reads at most this many documents. */
    public Builder limitDocs(int documents) {
      limitDocs = OptionalInt.of(documents);
      return this;
    }

    /** Reads this share of the documents. */
    public Builder sampleFraction(double fraction) {
      sampleFraction = OptionalDouble.of(fraction);
      return this;
    }

    /** Holds the model like this. */
    public Builder weights(WeightsChoice value) {
      weights = value;
      return this;
    }

    /** Lets this share of the documents fail. */
    public Builder maxErrorFraction(double fraction) {
      maxErrorFraction = fraction;
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
    public ProfileOptions build() {
      return new ProfileOptions(
          model,
          corpus,
          out,
          blocks,
          measures,
          format,
          textColumn,
          idColumn,
          keepColumns,
          dtype,
          device,
          loss,
          maxLength,
          addSpecialTokens,
          batchTokens,
          shards,
          limitDocs,
          sampleFraction,
          weights,
          maxErrorFraction,
          overwrite);
    }
  }
}
