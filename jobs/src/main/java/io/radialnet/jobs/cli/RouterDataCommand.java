package io.radialnet.jobs.cli;

import io.radialnet.jobs.options.Dtype;
import io.radialnet.jobs.options.RouterDataOptions;
import io.radialnet.jobs.routerdata.RouterDataJob;
import io.radialnet.jobs.routerdata.RouterDataResult;
import io.radialnet.router.RouterFeatures;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code radial router-data}. */
@Command(
    name = "router-data",
    sortOptions = false,
    header = "Make training examples for routers from a profile.",
    description =
        "Samples (token, layer, block) of a profiled corpus, evenly over layers, blocks, domains and labels, and writes what a router may know of each before the block runs, beside the residual ratio and whether it is under the threshold.",
    customSynopsis =
        "radial router-data --model DIR --corpus PATH --profile DIR --out DIR\n"
            + "                          [options]",
    descriptionHeading = "%n",
    optionListHeading = "%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./radial profile --model opt-125m --corpus books.jsonl --out ratios \\",
      "      --keep-columns domain",
      "  ./radial router-data --model opt-125m --corpus books.jsonl \\",
      "      --profile ratios --out examples --threshold 0.05",
      "",
      "It writes DIR/router_examples and DIR/token_frequencies (Parquet) and",
      "DIR/examples.json. The corpus is read and cut into windows and shards as the",
      "profile says. The same command again goes on where it was interrupted."
    })
final class RouterDataCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      order = 1,
      description = "The model that was profiled, local or on any Hadoop path.")
  private String model;

  @Option(
      names = "--corpus",
      required = true,
      paramLabel = "PATH",
      order = 2,
      description = "The corpus that was profiled.")
  private String corpus;

  @Option(
      names = "--profile",
      required = true,
      paramLabel = "DIR",
      order = 3,
      description = "What profile wrote, with ratio among its measures.")
  private String profile;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      order = 4,
      description = "Where to write.")
  private String out;

  @Mixin private CommonOptions common;

  @ArgGroup(validate = false, order = 10, heading = "%nWhat is sampled:%n")
  private final Sampled sampled = new Sampled();

  @ArgGroup(validate = false, order = 20, heading = "%nHow the model is run:%n")
  private final Running running = new Running();

  private static final class Sampled {
    @Option(
        names = "--threshold",
        paramLabel = "F",
        defaultValue = "" + RouterDataOptions.DEFAULT_THRESHOLD,
        description =
            "A block with a smaller residual ratio is one to skip; above 0 and below 1."
                + " Default: ${DEFAULT-VALUE}")
    private double threshold;

    @Option(
        names = "--examples",
        paramLabel = "N",
        defaultValue = "" + RouterDataOptions.DEFAULT_EXAMPLES,
        description = "How many in all, about. Default: ${DEFAULT-VALUE}")
    private long examples;

    @Option(
        names = "--seed",
        paramLabel = "N",
        defaultValue = "" + RouterDataOptions.DEFAULT_SEED,
        description = "Seed of the sample and of the projection. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(
        names = "--slice-by",
        paramLabel = "NAME",
        description =
            "The profile's kept column to spread the sample over. Default: domain, where there is"
                + " one")
    private String sliceBy;

    @Option(
        names = "--projection",
        paramLabel = "K",
        defaultValue = "" + RouterFeatures.DEFAULT_PROJECTION,
        description =
            "Numbers that a block's input is projected to at random. Default: ${DEFAULT-VALUE}")
    private int projection;
  }

  private static final class Running extends ModelRunOptions {
    @Option(
        names = "--dtype",
        paramLabel = "NAME",
        order = 2,
        defaultValue = "auto",
        description =
            "Type of weights and activations, of ${COMPLETION-CANDIDATES}; auto is the profile's."
                + " Default: ${DEFAULT-VALUE}")
    private Dtype dtype;
  }

  @Override
  public Integer call() throws IOException {
    RouterDataOptions options = options();
    PrintWriter stdout = spec.commandLine().getOut();
    try (SparkSession spark = common.openSession("radial router-data")) {
      RouterDataResult result = RouterDataJob.run(spark, options, System.err);
      result.summary().forEach(stdout::println);
      common.printJson(stdout, result.toJson());
      return ExitStatus.DONE;
    }
  }

  /** What was asked for, checked. */
  private RouterDataOptions options() {
    RouterDataOptions.Builder builder =
        RouterDataOptions.builder(model, corpus, profile, out)
            .threshold(sampled.threshold)
            .examples(sampled.examples)
            .seed(sampled.seed)
            .projection(sampled.projection)
            .device(running.device)
            .dtype(running.dtype)
            .batchTokens(running.batchTokens);
    if (sampled.sliceBy != null) {
      builder.sliceBy(sampled.sliceBy);
    }
    if (running.overwrite) {
      builder.overwriting();
    }
    return builder.build();
  }
}
