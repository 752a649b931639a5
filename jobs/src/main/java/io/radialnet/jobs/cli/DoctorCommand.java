package io.radialnet.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.radialnet.runtime.EngineReport;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.spark.package$;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code radial doctor}: needs no Spark session. */
@Command(
    name = "doctor",
    sortOptions = false,
    header = "Show what is installed and what to fix.",
    customSynopsis = "radial doctor [options]",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./radial doctor",
      "  ./radial submit --master spark://host:7077 -- doctor --json",
      "",
      "Exit status 2 if something is broken that every command needs."
    })
final class DoctorCommand implements Callable<Integer> {

  private static final String DELTA_CLASS = "io/delta/sql/DeltaSparkSessionExtension.class";

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws JsonProcessingException {
    List<Check> checks = inspect();
    PrintWriter stdout = spec.commandLine().getOut();
    checks.forEach(check -> stdout.println(check.line()));
    common.printJson(stdout, new ObjectMapper().writeValueAsString(toMap(checks)));
    return worst(checks) == Check.Status.FAIL ? ExitStatus.WRONG_USAGE : ExitStatus.DONE;
  }

  private static List<Check> inspect() {
    EngineReport engine = EngineReport.inspect();
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
        Checks.memory(
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()),
        Checks.heap(Runtime.getRuntime().maxMemory()),
        Checks.temporarySpace(temp, temp.toFile().getUsableSpace()));
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
