package io.radialnet.runtime;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.ndarray.NDManager;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What this process finds of its engine: versions, native libraries, devices. Immutable.
 *
 * @param djlVersion the version of Deep Java Library, "0.36.0"
 * @param pytorchVersion the version of libtorch; empty when it does not load
 * @param platform the operating system and architecture as natives are named, "linux-x86_64"
 * @param engineFailure why libtorch does not load or cannot add two numbers; empty when it can
 * @param tokenizersFailure why the tokenizers library does not load; empty when it does
 * @param cudaDevices how many CUDA devices the loaded libtorch can use
 * @param nativeCache where the native libraries are unpacked
 */
public record EngineReport(
    String djlVersion,
    Optional<String> pytorchVersion,
    String platform,
    Optional<String> engineFailure,
    Optional<String> tokenizersFailure,
    int cudaDevices,
    Path nativeCache) {

  private static final String ENGINE = "PyTorch";

  /**
   * Starts the engine and runs one addition. Never fails: what does not work is in the report. The
   * first call on a machine unpacks the natives, some seconds and 450 MB.
   */
  public static EngineReport inspect() {
    Platform system = Platform.detectPlatform("pytorch");
    String platform = system.getOsPrefix() + "-" + system.getOsArch();
    Path cache = Utils.getEngineCacheDir("pytorch");
    Optional<String> tokenizers = failureOf(LibUtils::checkStatus);
    Optional<String> engine = failureOf(EngineReport::addTwoNumbers);
    if (engine.isPresent()) {
      return new EngineReport(
          Engine.getDjlVersion(), Optional.empty(), platform, engine, tokenizers, 0, cache);
    }
    Engine pytorch = Engine.getEngine(ENGINE);
    return new EngineReport(
        Engine.getDjlVersion(),
        Optional.of(pytorch.getVersion()),
        platform,
        engine,
        tokenizers,
        pytorch.getGpuCount(),
        cache);
  }

  private static void addTwoNumbers() {
    try (NDManager manager = Engine.getEngine(ENGINE).newBaseManager(Device.cpu())) {
      float sum = manager.create(new float[] {1, 2}).sum().getFloat();
      if (sum != 3) {
        throw new IllegalStateException("libtorch says that 1 + 2 is " + sum);
      }
    }
  }

  private static Optional<String> failureOf(Runnable attempt) {
    try {
      attempt.run();
      return Optional.empty();
    } catch (RuntimeException | LinkageError failure) {
      return Optional.of(rootMessage(failure));
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
