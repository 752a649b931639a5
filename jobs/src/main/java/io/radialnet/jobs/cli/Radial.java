package io.radialnet.jobs.cli;

import io.radialnet.error.UserException;
import io.radialnet.jobs.options.CorpusFormat;
import io.radialnet.jobs.options.DeviceChoice;
import io.radialnet.jobs.options.Dtype;
import io.radialnet.jobs.options.Learner;
import io.radialnet.jobs.options.WeightsChoice;
import io.radialnet.probe.Measure;
import io.radialnet.transformer.Block;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: {@code radial COMMAND [options]}. */
@Command(
    name = "radial",
    description = "Which layers of a transformer does each token need?",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ProfileCommand.class,
      AggregateCommand.class,
      ReportCommand.class,
      RouterDataCommand.class,
      FitRoutersCommand.class,
      QuickstartCommand.class,
      DoctorCommand.class
    },
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./radial doctor",
      "  ./radial quickstart",
      "  ./radial profile --model opt-125m --corpus 'texts/*.jsonl' --out ratios",
      "  ./radial submit --master spark://host:7077 -- profile --config job.properties",
      "",
      "'submit' hands a command to the spark-submit of SPARK_HOME or PATH.",
      "",
      "Exit status: 0 done; 1 failed; 2 wrong usage, unreadable input, unwritable",
      "output or an environment that cannot do what was asked; 3 done, but more",
      "documents failed than --max-error-fraction allows."
    })
public final class Radial implements Runnable {

  @Spec private CommandSpec spec;

  /** Runs one command and exits with its status. */
  public static void main(String[] args) {
    int status = run(args);
    // In YARN's cluster mode exit(0) would mark the application as failed.
    if (status != ExitStatus.DONE) {
      System.exit(status);
    }
  }

  /** Runs one command and returns its exit status; all that it has to say is said. */
  static int run(String... args) {
    return run(Terminal.writer(System.out), Terminal.writer(System.err), List.of(args));
  }

  static int run(PrintWriter out, PrintWriter err, List<String> args) {
    ConfigFile config = new ConfigFile();
    CommandLine commandLine = commandLine(config).setOut(out).setErr(err);
    try {
      config.load(commandLine, args);
      return commandLine.execute(args.toArray(String[]::new));
    } catch (UserException | Error failure) { // of the file; picocli hands over exceptions only
      return Failures.report(failure, err, args.contains(CommonOptions.DEBUG));
    }
  }

  private static CommandLine commandLine(ConfigFile config) {
    return new CommandLine(new Radial())
        .registerConverter(Block.class, oneOf(Block.values(), Block::column))
        .registerConverter(Measure.class, oneOf(Measure.values(), Measure::column))
        .registerConverter(CorpusFormat.class, oneOf(CorpusFormat.values(), Object::toString))
        .registerConverter(DeviceChoice.class, oneOf(DeviceChoice.values(), Object::toString))
        .registerConverter(Dtype.class, oneOf(Dtype.values(), Object::toString))
        .registerConverter(Learner.class, oneOf(Learner.values(), Object::toString))
        .registerConverter(WeightsChoice.class, oneOf(WeightsChoice.values(), Object::toString))
        .setUsageHelpAutoWidth(false)
        .setUsageHelpLongOptionsMaxWidth(30)
        .setDefaultValueProvider(config)
        .setParameterExceptionHandler(Radial::wrongUsage)
        .setExecutionExceptionHandler(Radial::failed);
  }

  /** Without a command there is nothing to do but to show those there are. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing COMMAND");
  }

  private static <E> ITypeConverter<E> oneOf(E[] values, Function<E, String> name) {
    return text ->
        Arrays.stream(values)
            .filter(value -> name.apply(value).equalsIgnoreCase(text))
            .findFirst()
            .orElseThrow(
                () ->
                    new TypeConversionException(
                        "expected one of "
                            + Arrays.stream(values).map(name).collect(Collectors.joining(", "))
                            + " but was '"
                            + text
                            + "'"));
  }

  private static int wrongUsage(ParameterException failure, String[] args) {
    CommandLine commandLine = failure.getCommandLine();
    CommandSpec spec = commandLine.getCommandSpec();
    commandLine
        .getErr()
        .println(
            "radial: "
                + (failure instanceof MissingParameterException
                    ? misspelt(spec, args).orElseGet(() -> oneLine(failure.getMessage()))
                    : message(failure))
                + " See `"
                + spec.qualifiedName()
                + " --help`.");
    return ExitStatus.WRONG_USAGE;
  }

  /** A required option is often missing because it is misspelt, which says more. */
  private static Optional<String> misspelt(CommandSpec spec, String[] args) {
    return Arrays.stream(args)
        .filter(arg -> arg.startsWith("--"))
        .filter(arg -> !spec.optionsMap().containsKey(withoutValue(arg)))
        .findFirst()
        .map(arg -> "Unknown option: '" + arg + "'." + suggestion(spec, arg));
  }

  private static String message(ParameterException failure) {
    String message = oneLine(failure.getMessage());
    return failure instanceof UnmatchedArgumentException unmatched
        ? message
            + suggestion(failure.getCommandLine().getCommandSpec(), unmatched.getUnmatched().get(0))
        : message;
  }

  private static String suggestion(CommandSpec spec, String arg) {
    Collection<String> known =
        arg.startsWith("-") ? spec.optionsMap().keySet() : spec.subcommands().keySet();
    return Nearest.to(withoutValue(arg), known)
        .map(nearest -> " Did you mean " + nearest + "?")
        .orElse("");
  }

  private static String withoutValue(String arg) {
    return arg.replaceFirst("=.*", "");
  }

  private static String oneLine(String message) {
    String line = message.replaceAll("\\s*\\R\\s*", " ").strip();
    return line.endsWith(".") ? line : line + ".";
  }

  private static int failed(Exception failure, CommandLine command, ParseResult parsed) {
    return Failures.report(
        failure, command.getErr(), command.getParseResult().hasMatchedOption(CommonOptions.DEBUG));
  }
}
