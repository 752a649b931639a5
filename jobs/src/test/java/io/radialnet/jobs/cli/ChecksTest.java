package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.runtime.EngineReport;
import io.radialnet.runtime.MemoryEstimate;
import io.radialnet.tensor.Float32Products;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksTest {

  private static final long GIBI = 1L << 30;

  @TempDir private Path directory;

  @Test
  void javaOtherThanSparksIsAWarning() {
    assertThat(Checks.java(Runtime.Version.parse("17.0.15"), "amd64").line())
        .isEqualTo("ok    Java           17.0.15, amd64");
    assertThat(Checks.java(Runtime.Version.parse("24"), "aarch64").line())
        .isEqualTo(
            "warn  Java           24, aarch64, which Spark 4.0 is not tested with."
                + " Point JAVA_HOME at JDK 17 or 21.");
  }

  @Test
  void anotherLineOfSparkFails() {
    assertThat(Checks.spark("4.0.2", "4.0.1").status()).isEqualTo(Check.Status.OK);
    assertThat(Checks.spark("4.1.0", "4.0.1").line())
        .isEqualTo("FAIL  Spark          4.1.0, built for 4.0.1. Use Spark 4.0.x for Scala 2.13.");
  }

  @Test
  void largePagesThatNobodyAsksForAreAWarning() {
    assertThat(Checks.largePages(Optional.empty(), false).line())
        .isEqualTo("ok    large pages    none on this system");
    assertThat(Checks.largePages(Optional.of("always [madvise] never"), true).line())
        .isEqualTo("ok    large pages    used");
    assertThat(Checks.largePages(Optional.of("always [madvise] never"), false).line())
        .isEqualTo(
            "warn  large pages    libtorch does not ask for them, bfloat16 runs slower."
                + " Set THP_MEM_ALLOC_ENABLE=1 in the environment, for executors"
                + " spark.executorEnv.THP_MEM_ALLOC_ENABLE 1.");
    assertThat(Checks.largePages(Optional.of("always madvise [never]"), true).status())
        .isEqualTo(Check.Status.WARN);
  }

  @Test
  void ratesOfFloat32AreTheReadersToCompare() {
    assertThat(Checks.float32Products(Map.of(Float32Products.FLOAT32, 100.0))).isEmpty();
    Map<Float32Products, Double> rates = new EnumMap<>(Float32Products.class);
    rates.put(Float32Products.FLOAT32, 182.4);
    rates.put(Float32Products.INT8, 294.6);
    assertThat(Checks.float32Products(rates).map(Check::line))
        .hasValue(
            "ok    float32        products by float32 182, int8 295 GFLOP/s a thread"
                + " (spark.hadoop.radial.float32.products chooses)");
  }

  @Test
  void aModelsMemoryIsAdvisedInStepsOf128MebibytesAndHeldAgainstTheMachine() {
    MemoryEstimate estimate = new MemoryEstimate(3 * GIBI, GIBI / 8, GIBI / 4, 2);

    assertThat(Checks.modelMemory(estimate, "float32", 2 * GIBI, 8 * GIBI).line())
        .isEqualTo(
            "ok    model memory   float32: weights 3.0 GiB, a batch 0.3 GiB, 2 tasks:"
                + " spark.executor.memoryOverhead 4352m");
    assertThat(Checks.modelMemory(estimate, "float32", 2 * GIBI, 6 * GIBI).line())
        .isEqualTo(
            "warn  model memory   float32: weights 3.0 GiB, a batch 0.3 GiB, 2 tasks:"
                + " spark.executor.memoryOverhead 4352m, more than this machine's 6.0 GiB with a"
                + " heap of 2.0 GiB. Run fewer tasks, or with --dtype bfloat16, or on a larger"
                + " machine.");
  }

  @Test
  void deltaMustBeOnTheClassPath() {
    assertThat(Checks.delta(true, "4.0.1").line()).isEqualTo("ok    Delta          4.0.1");
    assertThat(Checks.delta(false, "4.0.1").status()).isEqualTo(Check.Status.FAIL);
  }

  @Test
  void nativesOfAnotherPlatformFailWithTheBuildToRun() {
    EngineReport report =
        new EngineReport(
            "0.36.0",
            Optional.empty(),
            "osx-aarch64",
            Optional.of("EngineException: no native"),
            Optional.of("UnsatisfiedLinkError: no tokenizers"),
            0,
            directory);

    assertThat(Checks.engine(report).line())
        .isEqualTo(
            "FAIL  PyTorch        DJL 0.36.0, osx-aarch64, does not load: EngineException: no"
                + " native. Build for this platform: mvn package -Dradial.native=osx-aarch64; or"
                + " set PYTORCH_LIBRARY_PATH in conf/native.conf.");
    assertThat(Checks.tokenizers(report).line())
        .isEqualTo(
            "FAIL  tokenizers     does not load: UnsatisfiedLinkError: no tokenizers."
                + " Build for this platform: mvn package -Dradial.native=osx-aarch64.");
  }

  @Test
  void aDriverWithoutACudaLibraryIsAWarning() {
    assertThat(Checks.devices(0, false).line()).isEqualTo("ok    devices        CPU");
    assertThat(Checks.devices(2, true).line()).isEqualTo("ok    devices        CPU, 2 x CUDA");
    assertThat(Checks.devices(0, true).line())
        .startsWith("warn  devices        CPU only, but this machine has nvidia-smi")
        .contains("PYTORCH_LIBRARY_PATH");
  }

  @Test
  void nativeCacheShowsPlaceAndSize() throws IOException {
    Path cache = Files.createDirectory(directory.resolve("pytorch"));
    Files.write(cache.resolve("lib.so"), new byte[10]);

    assertThat(Checks.nativeCache(cache).finding()).startsWith(cache + ", 0.0 GiB, ");
  }

  @Test
  void nativeCacheBelowAFileIsNotWritable() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThat(Checks.nativeCache(file.resolve("pytorch")).line())
        .isEqualTo(
            "FAIL  native cache   "
                + file.resolve("pytorch")
                + " is not writable. Set DJL_CACHE_DIR in conf/native.conf to a local directory"
                + " that is.");
  }

  @Test
  void smallMemoryHeapAndTemporarySpaceAreWarnings() {
    assertThat(Checks.memory(8 * GIBI).status()).isEqualTo(Check.Status.OK);
    assertThat(Checks.memory(2 * GIBI).status()).isEqualTo(Check.Status.WARN);
    assertThat(Checks.heap(2 * GIBI).status()).isEqualTo(Check.Status.OK);
    assertThat(Checks.heap(GIBI / 2).fix()).contains("spark.driver.memory");
    assertThat(Checks.temporarySpace(directory, 5 * GIBI).status()).isEqualTo(Check.Status.OK);
    assertThat(Checks.temporarySpace(directory, GIBI).fix()).contains("spark.local.dir");
  }

  @Test
  void findsProgramsOnPath() throws IOException {
    Path program = Files.createFile(directory.resolve("nvidia-smi"));
    assertThat(program.toFile().setExecutable(true)).isTrue();

    assertThat(Checks.onPath("nvidia-smi", "/none:" + directory)).isTrue();
    assertThat(Checks.onPath("nvidia-smi", "/none")).isFalse();
  }
}
