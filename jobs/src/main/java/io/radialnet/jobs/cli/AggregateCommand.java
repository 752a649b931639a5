package io.radialnet.jobs.cli;

import io.radialnet.jobs.aggregate.AggregateJob;
import io.radialnet.jobs.aggregate.AggregateResult;
import io.radialnet.jobs.options.AggregateOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code radial aggregate}. */
@Command(
    name = "aggregate",
    sortOptions = false,
    header = "Turn profiles into Delta tables of statistics.",
    description =
        "Reads what profile wrote and tells how sparse a model is, where, for which tokens, how sure that is, and how it changes with size and from run to run.",
    customSynopsis = "radial aggregate --profiles DIR[,DIR...] --tables DIR [options]",
    descriptionHeading = "%n",
    optionListHeading = "%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./radial aggregate --profiles ratios --tables tables --slice-by domain",
      "  ./radial aggregate --profiles opt-125m,opt-350m --tables tables",
      "  ./radial aggregate --profiles monday --tables tables --pool week",
      "",
      "A run's rows are replaced when it is aggregated again; other runs stay. A pool",
      "is merged from what is stored of earlier profiles, which are not read again.",
      "After many runs, in Spark SQL: OPTIMIZE delta.`DIR/layer_sparsity` and VACUUM",
      "delta.`DIR/layer_sparsity` RETAIN 168 HOURS; likewise the other tables."
    })
final class AggregateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--profiles",
      required = true,
      split = ",",
      paramLabel = "DIR",
      order = 1,
      description = "Directories that profile wrote, local or on any Hadoop path.")
  private List<String> profiles;

  @Option(
      names = "--tables",
      required = true,
      paramLabel = "DIR",
      order = 2,
      description = "Where the tables are, or will be.")
  private String tables;

  @Mixin private CommonOptions common;

  @ArgGroup(validate = false, order = 10, heading = "%nWhat is aggregated:%n")
  private final Aggregated aggregated = new Aggregated();

  private static final class Aggregated {
    @Option(
        names = "--slice-by",
        split = ",",
        paramLabel = "NAME",
        description = "Kept columns; each of their values is a slice.")
    private List<String> sliceBy;

    @Option(
        names = "--pool",
        paramLabel = "NAME",
        description = "Fold the profiles into the rows of this name, too.")
    private String pool;

    @Option(
        names = "--bootstrap",
        paramLabel = "N",
        defaultValue = "" + AggregateOptions.DEFAULT_BOOTSTRAP,
        description = "Resamples behind the intervals; 0: none. Default: ${DEFAULT-VALUE}")
    private int bootstrap;

    @Option(
        names = "--seed",
        paramLabel = "N",
        defaultValue = "" + AggregateOptions.DEFAULT_SEED,
        description = "Seed of the resampling. Default: ${DEFAULT-VALUE}")
    private long seed;
  }

  @Override
  public Integer call() throws IOException {
    AggregateOptions options = options();
    PrintWriter stdout = spec.commandLine().getOut();
    try (SparkSession spark = common.openSession("radial aggregate")) {
      AggregateResult result = AggregateJob.run(spark, options, System.err);
      result.summary().forEach(stdout::println);
      common.printJson(stdout, result.toJson());
      return ExitStatus.DONE;
    }
  }

  /** What was asked for, checked. */
  private AggregateOptions options() {
    AggregateOptions.Builder builder =
        AggregateOptions.builder(profiles, tables)
            .bootstrap(aggregated.bootstrap)
            .seed(aggregated.seed);
    if (aggregated.sliceBy != null) {
      builder.sliceBy(aggregated.sliceBy);
    }
    if (aggregated.pool != null) {
      builder.pool(aggregated.pool);
    }
    return builder.build();
  }
}
