package io.radialnet.jobs.cli;

import io.radialnet.jobs.options.FitRoutersOptions;
import io.radialnet.jobs.options.Learner;
import io.radialnet.jobs.routerfit.FitRoutersJob;
import io.radialnet.jobs.routerfit.FitRoutersResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code radial fit-routers}. */
@Command(
    name = "fit-routers",
    sortOptions = false,
    header = "Fit routers that tell which blocks a token can skip.",
    description =
        "Fits one router a layer and block on the examples of router-data, calibrates it, and"
            + " tells how good it is beside two baselines.",
    customSynopsis = "radial fit-routers --examples DIR --out DIR [options]",
    descriptionHeading = "%n",
    optionListHeading = "%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./radial fit-routers --examples examples --out routers --tables tables",
      "  ./radial fit-routers --examples examples --out routers --learner logistic \\",
      "      --regularization 0.001 --transfer none",
      "",
      "It writes DIR/models (MLlib pipelines), DIR/routers.safetensors (the first of",
      "mlp and logistic; routers.logistic.safetensors is the other), DIR/routers.json,",
      "and the Delta tables router_quality, router_reliability, router_importance.",
      "Where several values of --hidden, --regularization or --depth are given, one is",
      "chosen for each router by cross-validation over five folds of documents."
    })
final class FitRoutersCommand implements Callable<Integer> {

  private static final String NONE = "none";

  @Spec private CommandSpec spec;

  @Option(
      names = "--examples",
      required = true,
      paramLabel = "DIR",
      order = 1,
      description = "What router-data wrote, local or on any Hadoop path.")
  private String examples;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      order = 2,
      description = "Where to write models and routers.")
  private String out;

  @Option(
      names = "--tables",
      paramLabel = "DIR",
      order = 3,
      description = "Where the Delta tables are, or will be. Default: tables in --out")
  private String tables;

  @Mixin private CommonOptions common;

  @ArgGroup(validate = false, order = 10, heading = "%nWhat is fitted:%n")
  private final Fitted fitted = new Fitted();

  @ArgGroup(validate = false, order = 20, heading = "%nHow it is measured:%n")
  private final Measured measured = new Measured();

  @ArgGroup(validate = false, order = 30, heading = "%nHow it is run:%n")
  private final Running running = new Running();

  private static final class Fitted {
    @Option(
        names = "--learner",
        split = ",",
        paramLabel = "NAME",
        defaultValue = FitRoutersOptions.DEFAULT_LEARNERS,
        description = "Of mlp, logistic, gbt. Default: ${DEFAULT-VALUE}")
    private List<Learner> learners;

    @Option(
        names = "--hidden",
        split = ",",
        paramLabel = "N",
        defaultValue = FitRoutersOptions.DEFAULT_HIDDEN,
        description = "Hidden units of the mlp to choose among. Default: ${DEFAULT-VALUE}")
    private List<Integer> hidden;

    @Option(
        names = "--regularization",
        split = ",",
        paramLabel = "F",
        defaultValue = FitRoutersOptions.DEFAULT_REGULARIZATION,
        description =
            "L2 penalties of the logistic regression to choose among. Default: ${DEFAULT-VALUE}")
    private List<Double> regularization;

    @Option(
        names = "--depth",
        split = ",",
        paramLabel = "N",
        defaultValue = FitRoutersOptions.DEFAULT_DEPTH,
        description = "Depths of boosted trees to choose among. Default: ${DEFAULT-VALUE}")
    private List<Integer> depth;

    @Option(
        names = "--trees",
        paramLabel = "N",
        defaultValue = "" + FitRoutersOptions.DEFAULT_TREES,
        description = "Trees that are boosted. Default: ${DEFAULT-VALUE}")
    private int trees;

    @Option(
        names = "--iterations",
        paramLabel = "N",
        defaultValue = "" + FitRoutersOptions.DEFAULT_ITERATIONS,
        description = "Steps of mlp and logistic at most. Default: ${DEFAULT-VALUE}")
    private int iterations;

    @Option(
        names = "--tune-examples",
        paramLabel = "N",
        defaultValue = "" + FitRoutersOptions.DEFAULT_TUNE_EXAMPLES,
        description =
            "Examples of a router that the choice is made on, about so many at most."
                + " Default: ${DEFAULT-VALUE}")
    private int tuneExamples;

    @Option(
        names = "--shares",
        split = ",",
        paramLabel = "F",
        defaultValue = FitRoutersOptions.DEFAULT_SHARES,
        description =
            "Target shares of tokens that skip a block; each gets a threshold. Default: 0.1 to"
                + " 0.9 in steps of 0.1")
    private List<Double> shares;
  }

  private static final class Measured {
    @Option(
        names = "--transfer",
        paramLabel = "NAME",
        description =
            "The learner that is fitted on each domain alone, too, and tested on every other;"
                + " none: no learner. Default: logistic, where it is fitted")
    private String transfer;

    @Option(
        names = "--bootstrap",
        paramLabel = "N",
        defaultValue = "" + FitRoutersOptions.DEFAULT_BOOTSTRAP,
        description = "Resamples behind the intervals; 0: none. Default: ${DEFAULT-VALUE}")
    private int bootstrap;
  }

  private static final class Running {
    @Option(
        names = "--seed",
        paramLabel = "N",
        defaultValue = "" + FitRoutersOptions.DEFAULT_SEED,
        description = "Seed of all that is drawn. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(
        names = "--parallelism",
        paramLabel = "N",
        description = "Routers fitted at once. Default: as many as Spark has cores")
    private Integer parallelism;

    @Option(names = "--overwrite", description = "Replace routers that are in --out.")
    private boolean overwrite;
  }

  @Override
  public Integer call() throws IOException {
    FitRoutersOptions options = options();
    PrintWriter stdout = spec.commandLine().getOut();
    try (SparkSession spark = common.openSession("radial fit-routers")) {
      FitRoutersResult result = FitRoutersJob.run(spark, options, System.err);
      result.summary().forEach(stdout::println);
      common.printJson(stdout, result.toJson());
      return ExitStatus.DONE;
    }
  }

  /** What was asked for, checked. */
  private FitRoutersOptions options() {
    FitRoutersOptions.Builder builder =
        FitRoutersOptions.builder(examples, out)
            .learners(fitted.learners)
            .hidden(fitted.hidden)
            .regularization(fitted.regularization)
            .depth(fitted.depth)
            .trees(fitted.trees)
            .iterations(fitted.iterations)
            .tuneExamples(fitted.tuneExamples)
            .shares(fitted.shares)
            .bootstrap(measured.bootstrap)
            .seed(running.seed);
    if (tables != null) {
      builder.tables(tables);
    }
    if (NONE.equals(measured.transfer)) {
      builder.withoutTransfer();
    } else if (measured.transfer != null) {
      builder.transfer(learner(measured.transfer));
    }
    if (running.parallelism != null) {
      builder.parallelism(running.parallelism);
    }
    if (running.overwrite) {
      builder.overwriting();
    }
    return builder.build();
  }

  private Learner learner(String name) {
    return Arrays.stream(Learner.values())
        .filter(learner -> learner.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--transfer': expected one of "
                        + Arrays.stream(Learner.values())
                            .map(Learner::toString)
                            .collect(Collectors.joining(", "))
                        + ", none but was '"
                        + name
                        + "'"));
  }
}
