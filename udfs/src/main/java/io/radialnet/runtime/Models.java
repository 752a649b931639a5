package io.radialnet.runtime;

import io.radialnet.checkpoint.CheckpointCache;
import io.radialnet.checkpoint.Fingerprint;
import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.checkpoint.Refusals;
import io.radialnet.checkpoint.TensorFiles;
import io.radialnet.error.UserException;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Torch;
import io.radialnet.text.TextTokenizer;
import io.radialnet.transformer.Architecture.HeadWeights;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.Transformer;
import io.radialnet.transformer.family.Families;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that this process can run, by the place of their directory. Thread-safe.
 *
 * <p>System properties: {@code radial.model.cache} is the directory into which remote models are
 * fetched (default {@code ~/.cache/radial/models}), {@code radial.model.cache.gigabytes} its bound
 * (default 100), {@code radial.models.loaded} how many models stay loaded while idle (default 1).
 */
public final class Models {

  private static final Logger LOG = LoggerFactory.getLogger(Models.class);

  private static final ModelCache<LocalModel, LoadedModel> LOADED =
      new ModelCache<>(Integer.getInteger("radial.models.loaded", 1), Models::load);

  /** Directories whose content was already hashed in this process. */
  private static final Map<Path, String> FINGERPRINTS = new ConcurrentHashMap<>();

  /** How long the end of the process waits for a model that is being loaded. */
  private static final Duration LAST_WAIT = Duration.ofSeconds(10);

  private static final Queue<Thread> IN_BACKGROUND = new ConcurrentLinkedQueue<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Models::close, "radial-close-models"));
  }

  private Models() {}

  /**
   * Reads what a model is, without loading its weights, and checks that it can be run. Its files
   * are hashed in the background.
   *
   * @throws UserException if there is no model, it is of an unsupported kind, or its weights and
   *     its configuration disagree
   */
  public static ModelInfo inspect(String uri, Head head, Configuration conf) {
    Path directory = localDirectory(uri, conf);
    ModelConfig config = ModelConfig.read(directory);
    Refusals.check(config);
    Blueprint blueprint = Families.blueprint(config);
    if (head == Head.USED && blueprint.architecture().head().weights() == HeadWeights.NONE) {
      throw UserException.of(
          "Cannot measure surprisal with " + config.name(),
          "a model of family " + config.modelType() + " gives no next-token probabilities",
          "Leave out --loss");
    }
    try (TensorFiles files = TensorFiles.open(directory)) {
      List<String> unused = check(blueprint, files, head);
      return ModelInfo.of(
          config,
          blueprint,
          files,
          unused,
          CompletableFuture.supplyAsync(() -> fingerprint(directory)));
    }
  }

  /**
   * How much memory a model needs on CPUs.
   *
   * @param batchTokens of a batch at most
   * @param tasks at the same time in one process
   * @throws UserException if there is no model, or it is of an unsupported kind
   */
  public static MemoryEstimate memory(
      String uri, Head head, ElementType dtype, int batchTokens, int tasks, Configuration conf) {
    ModelConfig config = ModelConfig.read(localDirectory(uri, conf));
    Refusals.check(config);
    return MemoryEstimate.of(Families.blueprint(config), head, dtype, batchTokens, tasks);
  }

  /**
   * The tokenizer of a model.
   *
   * @throws UserException if the directory has none
   */
  public static TextTokenizer tokenizer(String uri, Configuration conf) {
    return TextTokenizer.load(localDirectory(uri, conf));
  }

  /**
   * Checks that this process can run on a device. Starts the engine.
   *
   * @param device as for {@link #acquire}
   * @throws UserException if the device is not there
   */
  public static void requireDevice(String device) {
    Torch.device(device);
  }

  /**
   * Starts the engine in the background, in a process that will soon acquire a model. What fails
   * here fails again, and is told, where the engine is used.
   *
   * @param coresOfOneTask as for {@link Threads#ofOneTask}
   * @param device as for {@link #acquire}
   */
  public static void startEngine(IntSupplier coresOfOneTask, String device) {
    inBackground(
        "radial-start-engine",
        () -> {
          Threads.ofOneTask(coresOfOneTask.getAsInt());
          Kernels.on(Torch.device(device));
        });
  }

  /**
   * Loads a model in the background, in a process that will soon acquire it. What fails here fails
   * again, and is told, where the model is acquired.
   *
   * @param spec asked for in the background, where it may wait for the fingerprint
   * @param device as for {@link #acquire}
   */
  public static void prefetch(Supplier<ModelSpec> spec, String device, Configuration conf) {
    inBackground("radial-load-model", () -> acquire(spec.get(), device, conf).close());
  }

  /**
   * SHA-256 over a model's files as this process sees them; hashed once in a process.
   *
   * @throws UserException if there is no model
   */
  public static String fingerprint(String uri, Configuration conf) {
    return fingerprint(localDirectory(uri, conf));
  }

  private static void inBackground(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setUncaughtExceptionHandler((t, failure) -> LOG.debug("{} failed", name, failure));
    thread.setDaemon(true);
    IN_BACKGROUND.removeIf(earlier -> !earlier.isAlive());
    thread.start();
    IN_BACKGROUND.add(thread);
  }

  /** Native code that still runs when the process unloads its libraries would crash it. */
  private static void close() {
    try {
      for (Thread thread : IN_BACKGROUND) {
        thread.join(LAST_WAIT.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOADED.close();
  }

  /**
   * Borrows a model on a device, loading it when this process has not yet.
   *
   * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
   * @throws UserException if the device is not there, or this node's copy is another model
   */
  public static ModelCache.Lease<LoadedModel> acquire(
      ModelSpec spec, String device, Configuration conf) {
    return LOADED.acquire(new LocalModel(spec, localDirectory(spec.uri(), conf)), device);
  }

  /** Closes the models that nobody uses. */
  public static void closeIdle() {
    LOADED.close();
  }

  private static LoadedModel load(LocalModel local, String device) {
    ModelSpec spec = local.spec();
    Path directory = local.directory();
    String fingerprint = fingerprint(directory);
    if (!fingerprint.equals(spec.fingerprint())) {
      throw UserException.of(
          "Cannot run " + spec.uri() + " on this node",
          "its files differ from the driver's (fingerprint "
              + fingerprint
              + ", expected "
              + spec.fingerprint()
              + ")",
          "Give every node the same files, or put the model on a shared file system");
    }
    Blueprint blueprint = Families.blueprint(ModelConfig.read(directory));
    try (TensorFiles files = TensorFiles.open(directory)) {
      check(blueprint, files, spec.head());
      TextTokenizer tokenizer = TextTokenizer.load(directory);
      try {
        Transformer transformer =
            Transformer.load(
                blueprint,
                files,
                spec.dtype(),
                Kernels.on(Torch.device(device), spec.products()),
                spec.head(),
                spec.contextLength());
        NativeHeap.trim(); // of what was held while weights were read
        return new LoadedModel(transformer, tokenizer);
      } catch (RuntimeException | Error e) {
        tokenizer.close();
        throw e;
      }
    }
  }

  private static List<String> check(Blueprint blueprint, TensorFiles files, Head head) {
    Set<String> present = files.names();
    return files.checkAgainst(blueprint.tensors(head, present), blueprint::isKnownUnused);
  }

  private static String fingerprint(Path directory) {
    return FINGERPRINTS.computeIfAbsent(directory.toAbsolutePath(), Fingerprint::of);
  }

  private static Path localDirectory(String uri, Configuration conf) {
    Path cache =
        Path.of(
            System.getProperty(
                "radial.model.cache", System.getProperty("user.home") + "/.cache/radial/models"));
    long bytes = Long.getLong("radial.model.cache.gigabytes", 100) << 30;
    return CheckpointCache.localDirectory(uri, conf, cache, bytes);
  }

  private record LocalModel(ModelSpec spec, Path directory) {}
}
