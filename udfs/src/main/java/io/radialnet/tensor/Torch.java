package io.radialnet.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import io.radialnet.error.UserException;
import java.util.Locale;

/** The process-wide settings of DJL's PyTorch engine, and its devices. Thread-safe. */
public final class Torch {

  /** DJL's name of the engine. */
  public static final String ENGINE = "PyTorch";

  private static final String THREADS = "ai.djl.pytorch.num_threads";

  private Torch() {}

  /**
   * Makes DJL work offline, without usage statistics, before its first class that reads these
   * properties is touched. Values that the user has set win. Calling it again changes nothing.
   */
  public static void configure() {
    setUnlessGiven("ai.djl.offline", "true");
    setUnlessGiven("OPT_OUT_TRACKING", "true");
    setUnlessGiven("ai.djl.default_engine", ENGINE);
  }

  /**
   * Sets how many threads libtorch uses in this JVM: the cores of one task, so that concurrent
   * tasks do not fight for cores, and so that results do not depend on how many tasks share a JVM.
   * Only the first call before the engine starts has an effect.
   *
   * @param threads threads of one operator, at least 1
   */
  public static void threads(int threads) {
    configure();
    setUnlessGiven(THREADS, Integer.toString(threads));
    setUnlessGiven("ai.djl.pytorch.num_interop_threads", "1");
  }

  /** How many CUDA devices the engine sees. Starts the engine. */
  public static int cudaDevices() {
    configure();
    return Engine.getEngine(ENGINE).getGpuCount();
  }

  /**
   * The device that a name asks for.
   *
   * @param name {@code cpu}; {@code cuda}, which must be there; or {@code auto}, which is CUDA
   *     where it is there and else the CPU. {@code cuda:N} and {@code auto:N} mean the device of
   *     that number
   * @throws UserException if CUDA is asked for and the engine has no such device
   */
  public static Device device(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    if (wanted.equals("cpu")) {
      return Device.cpu();
    }
    int colon = wanted.indexOf(':');
    String kind = colon < 0 ? wanted : wanted.substring(0, colon);
    int address = colon < 0 ? 0 : Integer.parseInt(wanted.substring(colon + 1));
    int present = cudaDevices();
    if (address < present) {
      return Device.gpu(address);
    }
    if (kind.equals("auto")) {
      return Device.cpu();
    }
    throw UserException.of(
        "Cannot run on " + wanted,
        "this process sees " + present + " CUDA devices with the PyTorch library it loaded",
        "Use --device cpu, or start with PYTORCH_LIBRARY_PATH at a CUDA build of PyTorch"
            + " (`radial doctor` shows which library is loaded)");
  }

  private static void setUnlessGiven(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}
