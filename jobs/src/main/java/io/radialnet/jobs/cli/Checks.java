package io.radialnet.jobs.cli;

import io.radialnet.jobs.shard.RunProducts;
import io.radialnet.runtime.EngineReport;
import io.radialnet.runtime.MemoryEstimate;
import io.radialnet.tensor.Float32Products;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code doctor} looks at. Each check judges facts that it is given. */
final class Checks {

  private static final long MEBI = 1L << 20;
  private static final long GIBI = 1L << 30;
  private static final long MIN_HEAP_BYTES = GIBI;
  private static final long MIN_MEMORY_BYTES = 4 * GIBI;
  private static final long MIN_TEMP_BYTES = 2 * GIBI;
  private static final long UNPACKED_NATIVES_BYTES = 450 * MEBI;
  private static final long OVERHEAD_STEP_BYTES = 128 * MEBI;

  private Checks() {}

  static Check java(Runtime.Version version, String architecture) {
    String finding = version + ", " + architecture;
    return switch (version.feature()) {
      case 17, 21 -> Check.ok("Java", finding);
      default ->
          Check.warn(
              "Java",
              finding + ", which Spark 4.0 is not tested with",
              "Point JAVA_HOME at JDK 17 or 21");
    };
  }

  /** Spark must be of the minor line that Radial is built for. */
  static Check spark(String found, String builtFor) {
    String line = builtFor.replaceFirst("\\.[0-9]+$", ".");
    return found.startsWith(line)
        ? Check.ok("Spark", found)
        : Check.fail(
            "Spark", found + ", built for " + builtFor, "Use Spark " + line + "x for Scala 2.13");
  }

  static Check delta(boolean present, String version) {
    return present
        ? Check.ok("Delta", version)
        : Check.fail("Delta", "not on the class path", "Build the shaded jar: mvn package");
  }

  static Check engine(EngineReport report) {
    String djl = "DJL " + report.djlVersion() + ", " + report.platform();
    if (report.engineFailure().isPresent()) {
      return Check.fail(
          "PyTorch",
          djl + ", does not load: " + report.engineFailure().get(),
          "Build for this platform: mvn package -Dradial.native="
              + report.platform()
              + "; or set PYTORCH_LIBRARY_PATH in conf/native.conf");
    }
    return Check.ok("PyTorch", report.pytorchVersion().orElseThrow() + ", " + djl);
  }

  static Check tokenizers(EngineReport report) {
    return report
        .tokenizersFailure()
        .map(
            failure ->
                Check.fail(
                    "tokenizers",
                    "does not load: " + failure,
                    "Build for this platform: mvn package -Dradial.native=" + report.platform()))
        .orElseGet(() -> Check.ok("tokenizers", "loads"));
  }

  /**
   * @param nvidiaSmiPresent whether this machine seems to have NVIDIA's driver
   */
  static Check devices(int cudaDevices, boolean nvidiaSmiPresent) {
    if (cudaDevices == 0 && nvidiaSmiPresent) {
      return Check.warn(
          "devices",
          "CPU only, but this machine has nvidia-smi: the loaded libtorch has no CUDA",
          "Point PYTORCH_LIBRARY_PATH in conf/native.conf at a CUDA build of libtorch "
              + Version.of("pytorch"));
    }
    return Check.ok("devices", cudaDevices == 0 ? "CPU" : "CPU, " + cudaDevices + " x CUDA");
  }

  static Check nativeCache(Path directory) {
    Path existing = directory;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
      return Check.fail(
          "native cache",
          directory + " is not writable",
          "Set DJL_CACHE_DIR in conf/native.conf to a local directory that is");
    }
    long bytes = bytesIn(directory);
    long free = existing.toFile().getUsableSpace();
    String finding = directory + ", " + gibibytes(bytes) + ", " + gibibytes(free) + " free";
    return bytes < UNPACKED_NATIVES_BYTES / 2 && free < UNPACKED_NATIVES_BYTES
        ? Check.fail("native cache", finding, "Free 0.5 GiB there, or move DJL_CACHE_DIR")
        : Check.ok("native cache", finding);
  }

  static Check cores(int cores) {
    return Check.ok("cores", Integer.toString(cores));
  }

  static Check memory(long bytes) {
    return bytes >= MIN_MEMORY_BYTES
        ? Check.ok("memory", gibibytes(bytes))
        : Check.warn("memory", gibibytes(bytes), "Expect models of up to a few hundred MiB to fit");
  }

  static Check heap(long bytes) {
    return bytes >= MIN_HEAP_BYTES
        ? Check.ok("heap", gibibytes(bytes))
        : Check.warn(
            "heap", gibibytes(bytes), "Raise spark.driver.memory in conf/local/radial-spark.conf");
  }

  static Check temporarySpace(Path directory, long freeBytes) {
    String finding = directory + ", " + gibibytes(freeBytes) + " free";
    return freeBytes >= MIN_TEMP_BYTES
        ? Check.ok("temp space", finding)
        : Check.warn(
            "temp space",
            finding,
            "Point spark.local.dir in conf/local/radial-spark.conf at a larger disk");
  }

  /**
   * Large pages make libtorch faster where it asks for them.
   *
   * @param mode of transparent huge pages, as Linux lists it: "always [madvise] never"; empty where
   *     the system has none
   * @param asked whether libtorch is told to ask
   */
  static Check largePages(Optional<String> mode, boolean asked) {
    if (mode.isEmpty()) {
      return Check.ok("large pages", "none on this system");
    }
    if (mode.get().contains("[never]")) {
      return Check.warn(
          "large pages",
          "the system gives none, bfloat16 runs slower",
          "As root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
    }
    return asked || mode.get().contains("[always]")
        ? Check.ok("large pages", "used")
        : Check.warn(
            "large pages",
            "libtorch does not ask for them, bfloat16 runs slower",
            "Set THP_MEM_ALLOC_ENABLE=1 in the environment, for executors"
                + " spark.executorEnv.THP_MEM_ALLOC_ENABLE 1");
  }

  /**
   * How fast float32 is multiplied, where there is a choice.
   *
   * @param rates GFLOP/s of one thread by each way that the machine has
   */
  static Optional<Check> float32Products(Map<Float32Products, Double> rates) {
    if (rates.size() < 2) {
      return Optional.empty();
    }
    String finding =
        rates.entrySet().stream()
            .map(rate -> String.format(Locale.ROOT, "%s %.0f", rate.getKey(), rate.getValue()))
            .collect(Collectors.joining(", ", "products by ", " GFLOP/s a thread"));
    return Optional.of(
        Check.ok("float32", finding + " (spark.hadoop." + RunProducts.KEY + " chooses)"));
  }

  /**
   * What a process that runs a model takes.
   *
   * @param heapBytes of this process
   * @param memoryBytes of this machine
   */
  static Check modelMemory(
      MemoryEstimate estimate, String dtype, long heapBytes, long memoryBytes) {
    long overhead = estimate.overheadBytes();
    long advised = (overhead + OVERHEAD_STEP_BYTES - 1) / OVERHEAD_STEP_BYTES * OVERHEAD_STEP_BYTES;
    String finding =
        String.format(
            Locale.ROOT,
            "%s: weights %s, a batch %s, %d tasks: spark.executor.memoryOverhead %dm",
            dtype,
            gibibytes(estimate.weightBytes()),
            gibibytes(estimate.activationBytes()),
            estimate.tasks(),
            advised / MEBI);
    return heapBytes + advised <= memoryBytes
        ? Check.ok("model memory", finding)
        : Check.warn(
            "model memory",
            finding
                + ", more than this machine's "
                + gibibytes(memoryBytes)
                + " with a heap of "
                + gibibytes(heapBytes),
            "Run fewer tasks, or with --dtype bfloat16, or on a larger machine");
  }

  /** Whether a program of this name is in one of the directories of PATH. */
  static boolean onPath(String program, String path) {
    return List.of(path.split(File.pathSeparator)).stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private static long bytesIn(Path directory) {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIBI);
  }
}
