package io.radialnet.jobs.cli;

import io.radialnet.jobs.options.CorpusFormat;
import io.radialnet.jobs.options.Dtype;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.jobs.options.WeightsChoice;
import io.radialnet.jobs.profile.ProfileJob;
import io.radialnet.jobs.profile.ProfileResult;
import io.radialnet.probe.Measure;
import io.radialnet.transformer.Block;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code radial profile}. */
@Command(
    name = "profile",
    sortOptions = false,
    header = "Measure what each layer contributes to each token of a corpus.",
    description =
        "Runs a transformer over a corpus and writes, for every token and layer, how much each residual addition contributes: one Parquet row a token.",
    customSynopsis = "radial profile --model DIR --corpus PATH --out DIR [options]",
    descriptionHeading = "%n",
    optionListHeading = "%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./radial profile --model opt-125m --corpus books.jsonl --out ratios",
      "  ./radial profile --model llama --corpus 's3a://texts/*.parquet' --out ratios \\",
      "      --keep-columns domain --measures ratio,cosine,update_norm --loss",
      "",
      "It writes DIR/token_ratios and DIR/errors (Parquet) and DIR/run.json. The same",
      "command again goes on where it was interrupted."
    })
final class ProfileCommand implements Callable<Integer> {

  private static final String APP_NAME = "radial profile";

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      order = 1,
      description = "A Hugging Face model directory, local or on any Hadoop path.")
  private String model;

  @Option(
      names = "--corpus",
      required = true,
      paramLabel = "PATH",
      order = 2,
      description = "A file, directory or glob, local or on any Hadoop path.")
  private String corpus;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      order = 3,
      description = "Where to write.")
  private String out;

  @Mixin private CommonOptions common;

  @ArgGroup(validate = false, order = 10, heading = "%nWhat is measured:%n")
  private final Measured measured = new Measured();

  @ArgGroup(validate = false, order = 20, heading = "%nHow the corpus is read:%n")
  private final Reading reading = new Reading();

  @ArgGroup(validate = false, order = 30, heading = "%nHow the model is run:%n")
  private final Running running = new Running();

  private static final class Measured {
    @Option(
        names = "--blocks",
        split = ",",
        paramLabel = "NAME",
        defaultValue = "attn,mlp,layer",
        description = "Of attn, mlp, layer. Default: ${DEFAULT-VALUE}")
    private List<Block> blocks;

    @Option(
        names = "--measures",
        split = ",",
        paramLabel = "NAME",
        defaultValue = "ratio,cosine",
        description =
            "Of ratio, cosine, input_norm, update_norm, output_norm. Default: ${DEFAULT-VALUE}")
    private List<Measure> measures;

    @Option(names = "--loss", description = "Each token's surprisal, too, in nats.")
    private boolean loss;
  }

  private static final class Reading {
    @Option(
        names = "--format",
        paramLabel = "NAME",
        defaultValue = "auto",
        description = "Of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private CorpusFormat format;

    @Option(
        names = "--text-column",
        paramLabel = "NAME",
        defaultValue = ProfileOptions.DEFAULT_TEXT_COLUMN,
        description = "Where the text is. Default: ${DEFAULT-VALUE}")
    private String textColumn;

    @Option(
        names = "--id-column",
        paramLabel = "NAME",
        description = "Where the id is. Default: doc_id, else path and row")
    private String idColumn;

    @Option(
        names = "--keep-columns",
        split = ",",
        paramLabel = "NAME",
        description = "Columns to repeat beside each token.")
    private List<String> keepColumns;

    @Option(
        names = "--max-length",
        paramLabel = "N",
        description =
            "Tokens of a window, specials counted. Default: the model's positions, at most 4,096")
    private Integer maxLength;

    @Option(
        names = "--add-special-tokens",
        arity = "1",
        paramLabel = "true|false",
        description = "Default: as the tokenizer is configured")
    private Boolean addSpecialTokens;

    @Option(
        names = "--limit-docs",
        paramLabel = "N",
        description = "Read no more documents than this.")
    private Integer limitDocs;

    @Option(
        names = "--sample-fraction",
        paramLabel = "F",
        description = "Read this share of the documents, above 0 to 1.")
    private Double sampleFraction;

    @Option(
        names = "--max-error-fraction",
        paramLabel = "F",
        defaultValue = "" + ProfileOptions.DEFAULT_MAX_ERROR_FRACTION,
        description = "The share of documents that may fail. Default: ${DEFAULT-VALUE}")
    private double maxErrorFraction;
  }

  private static final class Running extends ModelRunOptions {
    @Option(
        names = "--dtype",
        paramLabel = "NAME",
        order = 2,
        defaultValue = "auto",
        description =
            "Type of weights and activations, of ${COMPLETION-CANDIDATES}; auto is bfloat16 for CUDA"
                + " devices, else float32. Measures are float32 always. Default: ${DEFAULT-VALUE}")
    private Dtype dtype;

    @Option(
        names = "--weights",
        paramLabel = "NAME",
        order = 3,
        defaultValue = "auto",
        description = "auto or resident in this version. Default: ${DEFAULT-VALUE}")
    private WeightsChoice weights;

    @Option(
        names = "--shards",
        paramLabel = "N",
        order = 5,
        description = "Parts of the corpus. Default: one for every 4 MiB, at least 16")
    private Integer shards;
  }

  @Override
  public Integer call() throws IOException {
    ProfileOptions options = options();
    PrintWriter stdout = spec.commandLine().getOut();
    ProfileJob.startEngine(Sessions.conf(APP_NAME), options);
    try (SparkSession spark = common.openSession(APP_NAME)) {
      ProfileResult result = ProfileJob.run(spark, options, System.err);
      result.summary().forEach(stdout::println);
      common.printJson(stdout, result.toJson());
      return result.tooManyErrors() ? ExitStatus.TOO_MANY_ERRORS : ExitStatus.DONE;
    }
  }

  /** What was asked for, checked. */
  ProfileOptions options() {
    ProfileOptions.Builder builder =
        ProfileOptions.builder(model, corpus, out)
            .blocks(measured.blocks)
            .measures(measured.measures)
            .format(reading.format)
            .textColumn(reading.textColumn)
            .maxErrorFraction(reading.maxErrorFraction)
            .device(running.device)
            .dtype(running.dtype)
            .weights(running.weights)
            .batchTokens(running.batchTokens);
    ifGiven(reading.idColumn, builder::idColumn);
    ifGiven(reading.keepColumns, builder::keepColumns);
    ifGiven(reading.maxLength, builder::maxLength);
    ifGiven(reading.limitDocs, builder::limitDocs);
    ifGiven(reading.sampleFraction, builder::sampleFraction);
    ifGiven(running.shards, builder::shards);
    ifGiven(
        reading.addSpecialTokens,
        add -> {
          if (add) {
            builder.withSpecialTokens();
          } else {
            builder.withoutSpecialTokens();
          }
        });
    if (measured.loss) {
      builder.withLoss();
    }
    if (running.overwrite) {
      builder.overwriting();
    }
    return builder.build();
  }

  private static <T> void ifGiven(T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }
}
