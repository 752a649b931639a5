package io.radialnet.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.runtime.EngineReport;
import io.radialnet.runtime.MemoryEstimate;
import io.radialnet.runtime.Models;
import io.radialnet.runtime.ProductRates;
import io.radialnet.runtime.Threads;
import io.radialnet.tensor.ElementType;
import io.radialnet.transformer.Blueprint.Head;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.package$;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code radial doctor}: needs no Spark session. */
@Command(
    name = "doctor",
    sortOptions = false,
    header = "Show what is installed and what to fix.",
    customSynopsis = "radial doctor [--model DIR] [options]",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./radial doctor",
      "  ./radial doctor --model opt-125m --tasks 4",
      "  ./radial submit --master spark://host:7077 -- doctor --json",
      "",
      "Exit status 2 if something is broken that every command needs."
    })
final class DoctorCommand implements Callable<Integer> {

  private static final String DELTA_CLASS = "io/delta/sql/DeltaSparkSessionExtension.class";

  private static final Path LARGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      order = 1,
      description = "Tell also how much memory this model needs on CPUs, in float32 and bfloat16.")
  private String model;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      order = 2,
      description = "At the same time in one executor. Default: the cores of this machine")
  private Integer tasks;

  @Option(
      names = "--batch-tokens",
      paramLabel = "N",
      order = 3,
      defaultValue = "" + ProfileOptions.DEFAULT_BATCH_TOKENS,
      description = "As for profile. Default: ${DEFAULT-VALUE}")
  private int batchTokens;

  @Option(names = "--loss", order = 4, description = "As for profile: the LM head is run too.")
  private boolean loss;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws JsonProcessingException {
    List<Check> checks = inspect();
    PrintWriter stdout = spec.commandLine().getOut();
    checks.forEach(check -> stdout.println(check.line()));
    common.printJson(stdout, new ObjectMapper().writeValueAsString(toMap(checks)));
    return worst(checks) == Check.Status.FAIL ? ExitStatus.WRONG_USAGE : ExitStatus.DONE;
  }

  private List<Check> inspect() {
    Threads.ofOneTask(1); // as tasks have by default: what is measured is for them
    EngineReport engine = EngineReport.inspect();
    List<Check> checks = new ArrayList<>(installed(engine));
    if (engine.engineFailure().isEmpty()) {
      Checks.float32Products(ProductRates.measure()).ifPresent(checks::add);
    }
    if (model != null) {
      checks.add(memoryIn(ElementType.FLOAT32));
      checks.add(memoryIn(ElementType.BFLOAT16));
    }
    return checks;
  }

  private Check memoryIn(ElementType dtype) {
    if (batchTokens < 1 || (tasks != null && tasks < 1)) {
      throw new ParameterException(
          spec.commandLine(), "--batch-tokens and --tasks must be at least 1");
    }
    MemoryEstimate estimate =
        Models.memory(
            model,
            loss ? Head.USED : Head.UNUSED,
            dtype,
            batchTokens,
            Objects.requireNonNullElse(tasks, Runtime.getRuntime().availableProcessors()),
            new Configuration());
    return Checks.modelMemory(
        estimate, dtype.toString(), Runtime.getRuntime().maxMemory(), machineBytes());
  }

  private static List<Check> installed(EngineReport engine) {
    Path temp = Path.of(System.getProperty("java.io.tmpdir"));
    return List.of(
        Checks.java(Runtime.version(), System.getProperty("os.arch")),
        Checks.spark(package$.MODULE$.SPARK_VERSION(), Version.of("spark")),
        Checks.delta(
            DoctorCommand.class.getClassLoader().getResource(DELTA_CLASS) != null,
            Version.of("delta")),
        Checks.engine(engine),
        Checks.tokenizers(engine),
        Checks.devices(
            engine.cudaDevices(),
            Checks.onPath("nvidia-smi", Objects.requireNonNullElse(System.getenv("PATH"), ""))),
        Checks.nativeCache(engine.nativeCache()),
        Checks.cores(Runtime.getRuntime().availableProcessors()),
        Checks.memory(machineBytes()),
        Checks.largePages(largePages(), "1".equals(System.getenv("THP_MEM_ALLOC_ENABLE"))),
        Checks.heap(Runtime.getRuntime().maxMemory()),
        Checks.temporarySpace(temp, temp.toFile().getUsableSpace()));
  }

  private static long machineBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  private static Optional<String> largePages() {
    try {
      return Files.isReadable(LARGE_PAGES)
          ? Optional.of(Files.readString(LARGE_PAGES))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> toMap(List<Check> checks) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("status", worst(checks).name().toLowerCase(Locale.ROOT));
    map.put("radial", Version.of("radial"));
    map.put("checks", checks.stream().map(Check::toMap).toList());
    return map;
  }

  private static Check.Status worst(List<Check> checks) {
    return checks.stream().map(Check::status).max(Enum::compareTo).orElseThrow();
  }
}
