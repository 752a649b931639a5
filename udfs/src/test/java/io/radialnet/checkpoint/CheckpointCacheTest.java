package io.radialnet.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.radialnet.checkpoint.SafetensorsWriter.Tensor;
import io.radialnet.error.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointCacheTest {

  private static final long UNLIMITED = Long.MAX_VALUE;
  private static final String FIRST_BIN = "pytorch_model-00001-of-00002.bin";
  private static final String SECOND_BIN = "pytorch_model-00002-of-00002.bin";

  @TempDir Path directory;
  private Path cache;
  private Path log;
  private Configuration conf;

  @BeforeEach
  void configure() {
    cache = directory.resolve("cache");
    log = directory.resolve("opened.log");
    conf = LoggingFileSystem.configuration(log);
  }

  /** What the tests with several processes run in the other ones: fetch, say where, wait. */
  static final class OtherProcess {

    public static void main(String[] arguments) throws IOException {
      Configuration conf = LoggingFileSystem.configuration(Path.of(arguments[2]));
      if (arguments.length > 3) {
        conf.set(LoggingFileSystem.BLOCKS, arguments[3]);
      }
      Path local =
          CheckpointCache.localDirectory(arguments[0], conf, Path.of(arguments[1]), UNLIMITED);
      System.out.println(local);
      System.out.flush();
      System.in.read();
    }
  }

  @Test
  void aLocalDirectoryIsUsedInPlace() {
    Path model = Checkpoints.small(directory.resolve("opt tiny"));
    assertThat(local(model.toString())).isEqualTo(model);
    assertThat(local("file:" + model)).isEqualTo(model);
    assertThat(local("file://" + model)).isEqualTo(model);
    assertThat(cache).doesNotExist();
  }

  @Test
  void aRelativePathIsRelativeToTheWorkingDirectory() {
    assertThat(local(Checkpoints.GOLDEN + "/opt"))
        .isEqualTo(Checkpoints.GOLDEN.resolve("opt").toAbsolutePath());
  }

  @Test
  void aHubCacheIsReadThroughItsLinks() throws IOException {
    Path repository = hubRepository(directory);
    Path snapshot = repository.resolve("snapshots/27dcfa7");
    for (Path named : List.of(repository, snapshot)) {
      Path found = local(named.toString());
      assertThat(found).isEqualTo(snapshot);
      assertThat(ModelConfig.read(found).name()).isEqualTo("facebook/opt-125m");
      try (TensorFiles tensors = TensorFiles.open(found)) {
        assertThat(tensors.names()).containsExactly("a", "b");
      }
    }
  }

  @Test
  void aHubCacheWithoutReferenceNeedsASingleSnapshot() throws IOException {
    Path repository = hubRepository(directory);
    Files.delete(repository.resolve("refs/main"));
    assertThat(local(repository.toString())).isEqualTo(repository.resolve("snapshots/27dcfa7"));
    Checkpoints.small(repository.resolve("snapshots/another"));
    assertFails(
        repository.toString(),
        "it has no refs/main to choose among its snapshots. Name one of the directories under file:"
            + repository
            + "/snapshots: 27dcfa7, another.");
  }

  @Test
  void aHubReferenceMayNotLeadElsewhere() throws IOException {
    Path repository = hubRepository(directory);
    Checkpoints.text(repository.resolve("refs/main"), "../../elsewhere");
    assertFails(
        repository.toString(),
        "refs/main names the snapshot '../../elsewhere', which is not there");
  }

  @Test
  void aRemoteModelIsFetchedOnce() throws IOException {
    Path remote = Checkpoints.small(directory.resolve("remote/opt-tiny"));
    Path first = local("logged:" + remote);
    assertThat(first).startsWith(cache.toRealPath());
    assertThat(local("logged://" + remote)).isEqualTo(first);
    assertThat(LoggingFileSystem.opened(log)).containsExactly("config.json", "model.safetensors");
    assertThat(ModelConfig.read(first).name()).isEqualTo("opt-tiny");
    assertThat(Fingerprint.of(first)).isEqualTo(Fingerprint.of(remote));
  }

  @Test
  void aRemoteHubSnapshotKeepsItsName() throws IOException {
    Path repository = hubRepository(directory);
    assertThat(ModelConfig.read(local("logged:" + repository)).name())
        .isEqualTo("facebook/opt-125m");
  }

  @Test
  void onlyNeededFilesAreFetched() {
    Path remote = Checkpoints.small(directory.resolve("remote"));
    for (String name :
        List.of("tokenizer.json", "merges.txt", "tokenizer.model", "README.md", "flax.msgpack")) {
      Checkpoints.text(remote.resolve(name), "{}");
    }
    Checkpoints.text(remote.resolve("consolidated.safetensors"), "the same weights once more");
    Checkpoints.text(remote.resolve("pytorch_model.bin"), "and again");
    Checkpoints.text(remote.resolve("onnx/model.json"), "{}");
    assertThat(names(local("logged:" + remote)))
        .containsExactly(
            "config.json", "merges.txt", "model.safetensors", "tokenizer.json", "tokenizer.model");
  }

  @Test
  void shardsAreFetchedByTheirIndex() {
    Path remote = Checkpoints.small(directory.resolve("remote"));
    Path single = remote.resolve("model.safetensors");
    assertThat(single.toFile().renameTo(remote.resolve("model-1-of-1.safetensors").toFile()))
        .isTrue();
    Checkpoints.text(
        remote.resolve(WeightFiles.Format.SAFETENSORS.index()),
        "{\"weight_map\": {\"a\": \"model-1-of-1.safetensors\","
            + " \"b\": \"model-1-of-1.safetensors\"}}");
    try (TensorFiles tensors = TensorFiles.open(local("logged:" + remote))) {
      assertThat(tensors.names()).containsExactly("a", "b");
    }
  }

  @Test
  void pytorchModelBinIsFetchedWhereThereIsNothingElse() throws IOException {
    Path remote = directory.resolve("remote");
    Checkpoints.text(remote.resolve("config.json"), "{}");
    Path sharded = TorchFileTest.FILES.resolve("sharded");
    for (String name : List.of("pytorch_model.bin.index.json", FIRST_BIN, SECOND_BIN)) {
      Files.copy(sharded.resolve(name), remote.resolve(name));
    }
    Checkpoints.text(remote.resolve("training_args.bin"), "no weights");
    assertThat(names(local("logged:" + remote)))
        .containsExactly("config.json", FIRST_BIN, SECOND_BIN, "pytorch_model.bin.index.json");
    Checkpoints.small(remote);
    assertThat(names(local("logged:" + remote)))
        .containsExactly("config.json", "model.safetensors", "pytorch_model.bin.index.json");
  }

  @Test
  void aChangedModelIsFetchedAnew() throws IOException {
    Path remote = Checkpoints.small(directory.resolve("remote"));
    Path before = local("logged:" + remote);
    Files.setLastModifiedTime(remote.resolve("config.json"), FileTime.fromMillis(1_000_000));
    assertThat(local("logged:" + remote)).isNotEqualTo(before);
  }

  @Test
  void anEntryThatLostAFileIsFetchedAnew() throws IOException {
    Path remote = Checkpoints.small(directory.resolve("remote"));
    Path local = local("logged:" + remote);
    Files.delete(local.resolve("model.safetensors"));
    assertThat(local("logged:" + remote)).isEqualTo(local);
    assertThat(names(local)).containsExactly("config.json", "model.safetensors");
  }

  @Test
  void manyThreadsFetchOnce() throws Exception {
    Path remote = Checkpoints.small(directory.resolve("remote"));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Path>> found = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        found.add(threads.submit(() -> local("logged:" + remote)));
      }
      for (Future<Path> path : found) {
        assertThat(path.get()).isEqualTo(found.get(0).get());
      }
    } finally {
      threads.shutdown();
    }
    assertThat(LoggingFileSystem.opened(log)).containsExactly("config.json", "model.safetensors");
  }

  @Test
  void severalProcessesFetchOnce() throws IOException {
    Path remote = Checkpoints.small(directory.resolve("remote"));
    Process one = start("logged:" + remote);
    Process two = start("logged:" + remote);
    String local = line(one);
    assertThat(line(two)).isEqualTo(local);
    assertThat(LoggingFileSystem.opened(log)).containsExactly("config.json", "model.safetensors");
    one.destroyForcibly();
    two.destroyForcibly();
  }

  @Test
  void aKilledFetchIsDoneAgain() throws Exception {
    Path remote = Checkpoints.small(directory.resolve("remote"));
    Process killed = start("logged:" + remote, "model.safetensors");
    assertThat(line(killed)).isEqualTo("BLOCKED");
    assertThat(partials()).hasSize(1);
    killed.destroyForcibly().waitFor();
    Path local = local("logged:" + remote);
    assertThat(names(local)).containsExactly("config.json", "model.safetensors");
    assertThat(partials()).isEmpty();
  }

  @Test
  void whatAKilledFetchLeftIsDeletedByTheNextFetchOfAnyModel() throws Exception {
    Path first = Checkpoints.small(directory.resolve("first"));
    Path second = Checkpoints.small(directory.resolve("second"));
    Process killed = start("logged:" + first, "model.safetensors");
    assertThat(line(killed)).isEqualTo("BLOCKED");
    killed.destroyForcibly().waitFor();
    local("logged:" + second);
    assertThat(partials()).isEmpty();
  }

  @Test
  void theLeastRecentlyUsedModelsThatNobodyUsesMakeRoom() throws Exception {
    Path old = usedByAProcessThatEnded(big("old"), FileTime.fromMillis(1_000));
    Path recent = usedByAProcessThatEnded(big("recent"), FileTime.fromMillis(2_000));
    Path latest = localWithin(2_500_000, "logged:" + big("latest"));
    assertThat(old).doesNotExist();
    assertThat(recent).exists();
    assertThat(latest).exists();
  }

  @Test
  void aModelInUseByAnotherProcessStays() throws Exception {
    Process other = start("logged:" + big("used"));
    Path used = Path.of(line(other));
    Path unused = usedByAProcessThatEnded(big("unused"), FileTime.from(Instant.now()));
    localWithin(2_500_000, "logged:" + big("new"));
    assertThat(used).exists();
    assertThat(unused).doesNotExist();
    other.destroyForcibly().waitFor();
    localWithin(2_500_000, "logged:" + big("newer"));
    assertThat(used).doesNotExist();
  }

  @Test
  void aModelInUseByThisProcessStays() throws IOException {
    Path used = localWithin(1_500_000, "logged:" + big("used"));
    Path other = localWithin(1_500_000, "logged:" + big("other"));
    assertThat(used).exists();
    assertThat(other).exists();
  }

  @Test
  void aModelOverTheLimitIsNotFetched() {
    Path remote = big("big");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> localWithin(900_000, "logged:" + remote))
        .withMessage(
            "Cannot fetch model logged:%s into %s: it needs 1.0 MB and the cache is limited to"
                + " 0.9 MB. Raise the limit of the model cache, free space, or place the cache"
                + " elsewhere.",
            remote, cache);
  }

  @Test
  void aModelOverTheSpaceOnDiskIsNotFetched() {
    Path remote = Checkpoints.small(directory.resolve("remote"));
    conf.set(LoggingFileSystem.HUGE, "model.safetensors");
    assertFails("logged:" + remote, "it needs 1,152,921,504,606.8 MB and the disk has ");
    assertThat(partials()).isEmpty();
  }

  @Test
  void aFailedFetchLeavesNothing() {
    Path remote = Checkpoints.small(directory.resolve("remote"));
    conf.set(LoggingFileSystem.FAILS, "model.safetensors");
    assertFails(
        "logged:" + remote,
        "Cannot read model logged:" + remote + ": connection reset. Check the path, ");
    try (Stream<Path> left = Files.list(cache)) {
      assertThat(left).noneMatch(Files::isDirectory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    conf.unset(LoggingFileSystem.FAILS);
    assertThat(names(local("logged:" + remote))).hasSize(2);
  }

  @Test
  void anInterruptIsNotAUsersFailure() {
    Path remote = Checkpoints.small(directory.resolve("remote"));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> local("logged:" + remote))
        .withMessageContaining("interrupted while waiting for another fetch");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anInterruptEndsTheWaitForAnotherProcess() throws Exception {
    Process other = start("logged:" + big("held"), "model.safetensors");
    assertThat(line(other)).isEqualTo("BLOCKED");
    Thread waiting =
        new Thread(
            () ->
                assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> local("logged:" + directory.resolve("remote/held"))));
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    waiting.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
    waiting.start();
    waiting.interrupt();
    waiting.join();
    assertThat(failures).isEmpty();
    other.destroyForcibly().waitFor();
    assertThat(names(local("logged:" + directory.resolve("remote/held")))).hasSize(2);
  }

  @Test
  void anUnusableCacheIsNamed() {
    Path remote = Checkpoints.small(directory.resolve("remote"));
    cache = Checkpoints.text(directory.resolve("file"), "").resolve("cache");
    assertFails(
        "logged:" + remote, "Cannot fetch model logged:" + remote + " into " + cache + ": ");
  }

  @Test
  void anAbsentModelIsNamedWithItsNeighbours() {
    Checkpoints.small(directory.resolve("models/opt-125m"));
    Checkpoints.small(directory.resolve("models/opt-350m"));
    Path absent = directory.resolve("models/opt-1");
    assertFails(
        absent.toString(),
        String.format(
            "Cannot open model %s: there is no directory file:%s. "
                + "Check the path; file:%s has opt-125m, opt-350m.",
            absent, absent, directory.resolve("models")));
    assertFails("logged:" + absent, "has opt-125m, opt-350m.");
    assertFails(absent + "/deep/er", "has opt-125m, opt-350m.");
  }

  @Test
  void aHubNameIsAnsweredWithTheWayToDownload() {
    assertFails(
        "facebook/opt-125m",
        "Models are not downloaded by name: run 'hf download facebook/opt-125m --local-dir DIR'");
  }

  @Test
  void aLocalDirectoryUnderARemoteDefaultIsAnsweredWithItsUri() {
    conf.set("fs.defaultFS", "logged:///");
    String relative = Checkpoints.GOLDEN + "/opt";
    assertFails(
        relative,
        "there is no directory logged:/home/nobody/"
            + relative
            + ". Write file:"
            + Path.of(relative).toAbsolutePath()
            + " for the local directory of that name.");
  }

  @Test
  void pathsThatCannotBeModelsAreNamed() {
    Path file = Checkpoints.text(directory.resolve("a/file"), "");
    assertFails(file.toString(), "it is a file. Name the directory with config.json");
    assertFails(directory.toString(), "the directory has no config.json. ");
    assertFails("nowhere://host/model", "No FileSystem for scheme \"nowhere\". Add the jar");
    assertFails("", "it is not a path: ");
  }

  @Test
  void aRemoteModelWithoutWeightsIsNotFetched() {
    Path remote = directory.resolve("remote");
    Checkpoints.text(remote.resolve("config.json"), "{}");
    Checkpoints.text(remote.resolve("tf_model.h5"), "");
    assertFails("logged:" + remote, "it has no weights, ");
    assertThat(LoggingFileSystem.opened(log)).isEmpty();
  }

  private Path local(String uri) {
    return localWithin(UNLIMITED, uri);
  }

  private Path localWithin(long maxBytes, String uri) {
    return CheckpointCache.localDirectory(uri, conf, cache, maxBytes);
  }

  private void assertFails(String uri, String message) {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> local(uri))
        .withMessageContaining(message);
  }

  /** A model of 1 MB. */
  private Path big(String name) {
    Path model = Checkpoints.small(directory.resolve("remote").resolve(name));
    SafetensorsWriter.write(
        model.resolve("model.safetensors"),
        Map.of("a", Tensor.of(StorageType.U8, List.of(1_000_000L), ByteBuffer.allocate(1_000_000))),
        Map.of());
    return model;
  }

  private Path usedByAProcessThatEnded(Path remote, FileTime when)
      throws IOException, InterruptedException {
    Process process = start("logged:" + remote);
    Path local = Path.of(line(process));
    process.destroyForcibly().waitFor();
    String key = cache.toRealPath().relativize(local).getName(0).toString();
    Files.setLastModifiedTime(cache.resolve(key), when);
    return local;
  }

  private Process start(String uri, String... blocksAt) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Collections.addAll(command, "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp");
    command.add(System.getProperty("java.class.path"));
    Collections.addAll(command, OtherProcess.class.getName(), uri, cache.toString());
    command.add(log.toString());
    Collections.addAll(command, blocksAt);
    return new ProcessBuilder(command)
        .redirectError(directory.resolve("stderr-" + System.nanoTime()).toFile())
        .start();
  }

  private static String line(Process process) throws IOException {
    // Not closed: the process waits on its pipes until it is destroyed.
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    return reader.readLine();
  }

  private List<String> partials() {
    return names(cache).stream().filter(name -> name.endsWith(".partial")).toList();
  }

  private static List<String> names(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** models--facebook--opt-125m as huggingface_hub lays it out, with relative links into blobs. */
  private static Path hubRepository(Path parent) throws IOException {
    Path repository = parent.resolve("models--facebook--opt-125m");
    Checkpoints.small(repository.resolve("blobs"));
    Path snapshot = Files.createDirectories(repository.resolve("snapshots/27dcfa7"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs", name));
    }
    Checkpoints.text(repository.resolve("refs/main"), "27dcfa7");
    return repository;
  }
}
