package io.radialnet.jobs.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real standalone cluster on this machine: a master, and workers of one core, 1 GB and one GPU
 * each, which conf/standalone/gpu-discovery-fake.sh pretends. Its Spark is what the build puts
 * together.
 */
final class StandaloneCluster implements AutoCloseable {

  static final Path JAR = Path.of(System.getProperty("radial.jar"));
  static final Path ROOT = JAR.getParent().getParent().getParent();

  /** Processes so short gain nothing from the second compiler. */
  static final String FAST_START = "-XX:TieredStopAtLevel=1";

  private static final Path SPARK_HOME = Path.of(System.getProperty("radial.sparkHome"));
  private static final Path CONF = ROOT.resolve("conf/standalone");
  private static final Pattern MASTER_URL = Pattern.compile("Starting Spark master at (\\S+)");

  private final Path directory;
  private final String name;
  private final Command master;
  private final String url;
  private final List<Command> workers = new ArrayList<>();

  private StandaloneCluster(Path directory, String name, Command master, String url) {
    this.directory = directory;
    this.name = name;
    this.master = master;
    this.url = url;
  }

  /**
   * Starts a master without workers.
   *
   * @param directory where all processes stand and write
   * @param name how their files begin
   */
  static StandaloneCluster start(Path directory, String name)
      throws IOException, InterruptedException {
    Command master =
        spark(
            directory,
            name + "-master",
            Map.of(),
            "-Xmx256m",
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--webui-port",
            "0");
    Await.until("the master starts", () -> MASTER_URL.matcher(master.stderr()).find());
    Matcher started = MASTER_URL.matcher(master.stderr());
    started.find();
    return new StandaloneCluster(directory, name, master, started.group(1));
  }

  /** Starts a worker that offers the GPU of one address. */
  void addWorker(String gpuAddress) throws IOException, InterruptedException {
    int before = workers.size();
    workers.add(
        spark(
            directory,
            name + "-worker" + gpuAddress,
            Map.of("FAKE_GPUS", gpuAddress),
            "-Xmx256m",
            "-Dspark.worker.resource.gpu.amount=1",
            "-Dspark.worker.resource.gpu.discoveryScript=" + CONF.resolve("gpu-discovery-fake.sh"),
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            "127.0.0.1",
            "--webui-port",
            "0",
            "--cores",
            "1",
            "--memory",
            "1g",
            "--work-dir",
            workDirectory(gpuAddress).toString(),
            url));
    Await.until(
        "the worker registers",
        () ->
            master.stderr().lines().filter(l -> l.contains("Registering worker")).count() > before);
  }

  /** Where the worker of a GPU has the directories of its executors. */
  Path workDirectory(String gpuAddress) {
    return directory.resolve(name + "-work" + gpuAddress);
  }

  /**
   * Hands a command to spark-submit, with conf/standalone/spark-defaults.conf, in executors that
   * fit the workers and get their GPUs.
   *
   * @param settings "key=value", which win
   * @param command of Radial, and its options
   */
  Command submit(String commandName, List<String> settings, List<String> command)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-Xmx1g", "org.apache.spark.deploy.SparkSubmit"));
    arguments.addAll(List.of("--master", url));
    arguments.addAll(List.of("--properties-file", CONF.resolve("spark-defaults.conf").toString()));
    List<String> all = new ArrayList<>();
    all.add("spark.executor.memory=512m");
    all.add("spark.executor.resource.gpu.amount=1");
    all.add("spark.task.resource.gpu.amount=1");
    all.add("spark.ui.enabled=false");
    all.add("spark.executor.defaultJavaOptions=" + FAST_START);
    all.addAll(settings);
    all.forEach(setting -> arguments.addAll(List.of("--conf", setting)));
    arguments.addAll(List.of("--class", "io.radialnet.jobs.cli.Radial", JAR.toString()));
    arguments.addAll(command);
    return spark(directory, commandName, Map.of(), arguments.toArray(String[]::new));
  }

  private static Command spark(
      Path directory, String commandName, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(FAST_START);
    command.addAll(List.of("-cp", SPARK_HOME.resolve("jars") + File.separator + "*"));
    command.addAll(List.of(arguments));
    Map<String, String> all = new HashMap<>(environment);
    all.put("SPARK_HOME", SPARK_HOME.toString());
    all.put("SPARK_SCALA_VERSION", "2.13");
    all.put("SPARK_LOCAL_DIRS", directory.resolve("spark-local").toString());
    return Command.start(commandName, directory, all, command);
  }

  /** The executors that run now: a worker starts nothing else. */
  List<ProcessHandle> executors() {
    return workers.stream().flatMap(worker -> worker.handle().children()).toList();
  }

  /** Waits for the executors of a driver that has ended, and removes their copies of the jar. */
  void awaitNoExecutors() throws InterruptedException {
    Await.until("executors end after their driver", () -> executors().isEmpty());
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path jar :
          files.filter(file -> file.getFileName().toString().endsWith(".jar")).toList()) {
        Files.delete(jar);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return url;
  }

  @Override
  public void close() {
    workers.forEach(Command::close);
    master.close();
  }
}
