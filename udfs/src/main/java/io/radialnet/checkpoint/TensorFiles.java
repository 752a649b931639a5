package io.radialnet.checkpoint;

import io.radialnet.error.UserException;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * The weights of a model directory, in one file or in the shards of an index, safetensors or else
 * pytorch_model.bin, as one map from names to tensors.
 *
 * <p>Opening reads headers only. Thread-safe; buffers outlive {@link #close()}. A file must not be
 * cut short while buffers of it are in use: the JVM answers an access beyond the end with an {@link
 * InternalError}.
 */
public final class TensorFiles implements Closeable {

  private final Path directory;
  private final List<WeightFile> files;
  private final Map<String, WeightFile> fileOfTensor;

  private TensorFiles(
      Path directory, List<WeightFile> files, Map<String, WeightFile> fileOfTensor) {
    this.directory = directory;
    this.files = files;
    this.fileOfTensor = fileOfTensor;
  }

  /**
   * Opens all weight files of a directory and checks them against their index.
   *
   * @throws UserException if there are no weights, a shard is missing or corrupt, the index names
   *     files elsewhere, or index and shards disagree
   */
  public static TensorFiles open(Path directory) {
    WeightFiles weights = WeightFiles.locate(directory);
    List<WeightFile> files = new ArrayList<>();
    try {
      weights.names().forEach(name -> files.add(weights.format().open(directory.resolve(name))));
      Map<String, WeightFile> fileOfTensor = merge(directory, files);
      checkIndex(directory, weights, fileOfTensor);
      return new TensorFiles(
          directory, List.copyOf(files), Collections.unmodifiableMap(fileOfTensor));
    } catch (RuntimeException e) {
      files.forEach(WeightFile::close);
      throw e;
    }
  }

  private static Map<String, WeightFile> merge(Path directory, List<WeightFile> files) {
    Map<String, WeightFile> fileOfTensor = new TreeMap<>();
    for (WeightFile file : files) {
      for (String tensor : file.tensors().keySet()) {
        WeightFile other = fileOfTensor.put(tensor, file);
        if (other != null) {
          throw inconsistent(
              directory,
              String.format(
                  "tensor '%s' is both in %s and in %s",
                  tensor, other.file().getFileName(), file.file().getFileName()));
        }
      }
    }
    return fileOfTensor;
  }

  private static void checkIndex(
      Path directory, WeightFiles weights, Map<String, WeightFile> fileOfTensor) {
    List<String> absent =
        weights.fileOfTensor().entrySet().stream()
            .filter(entry -> !isIn(entry.getValue(), fileOfTensor.get(entry.getKey())))
            .map(entry -> "'" + entry.getKey() + "' in " + entry.getValue())
            .toList();
    if (!absent.isEmpty()) {
      throw inconsistent(
          directory,
          weights.format().index()
              + " names tensors that are not there: "
              + Messages.listed(absent));
    }
  }

  private static boolean isIn(String name, WeightFile file) {
    return file != null && file.file().getFileName().toString().equals(name);
  }

  /** The names of all tensors, sorted. */
  public Set<String> names() {
    return fileOfTensor.keySet();
  }

  public boolean has(String name) {
    return fileOfTensor.containsKey(name);
  }

  /**
   * Type, shape and place of a tensor.
   *
   * @throws UserException if there is no such tensor
   */
  public TensorInfo info(String name) {
    return file(name).tensors().get(name);
  }

  /**
   * One tensor, cut into pieces of whole rows of its first dimension.
   *
   * <p>Nothing is read here: pages come from disk when a buffer is read, and only this tensor's.
   *
   * @param maxChunkBytes the most bytes of a piece; a row longer than this is a piece of its own
   * @return read-only little-endian direct buffers, in order; none if the tensor has no elements.
   *     Take each once, in turn: that of a tensor stored transposed is copied together on access
   * @throws UserException if there is no such tensor, its file changed since it was opened, or one
   *     row exceeds 2 GiB
   * @throws java.io.UncheckedIOException if the thread is interrupted
   */
  public List<ByteBuffer> map(String name, long maxChunkBytes) {
    return file(name).map(name, maxChunkBytes);
  }

  /**
   * Gives back at once what {@link #map} took, which the garbage collector else does in its time.
   * Nothing may read the buffers after.
   *
   * @param chunks as {@link #map} returned them
   */
  public static void release(List<ByteBuffer> chunks) {
    if (chunks instanceof GatheredRows gathered) {
      gathered.release();
    } else {
      chunks.forEach(Mappings::end);
    }
  }

  /** Bytes of all tensors, used or not; what tensors of one file share counts once. */
  public long totalBytes() {
    return files.stream().mapToLong(WeightFile::tensorBytes).sum();
  }

  /** The weight files, sorted by name. */
  public List<Path> files() {
    return files.stream().map(WeightFile::file).toList();
  }

  /**
   * Checks that the checkpoint holds exactly what a model needs: every expected tensor with its
   * shape and a type that weights are read from, and besides these only tensors of known parts that
   * are not run.
   *
   * @param expectedShapes what config.json implies, by tensor name
   * @param knownUnused accepts the names of tensors that may be there without being used
   * @return the known unused tensors that are there, sorted
   * @throws UserException that reports all disagreements together
   */
  public List<String> checkAgainst(
      Map<String, long[]> expectedShapes, Predicate<String> knownUnused) {
    NavigableSet<String> missing = new TreeSet<>(expectedShapes.keySet());
    missing.removeAll(names());
    NavigableSet<String> extra = new TreeSet<>(names());
    extra.removeAll(expectedShapes.keySet());
    List<String> unused = extra.stream().filter(knownUnused).toList();
    unused.forEach(extra::remove);

    List<String> problems = new ArrayList<>();
    cut(differences(expectedShapes), problems);
    if (!missing.isEmpty()) {
      problems.add("missing " + counted(missing));
    }
    if (!extra.isEmpty()) {
      problems.add("not used by this architecture " + counted(extra));
    }
    if (!problems.isEmpty()) {
      throw UserException.of(
          "Cannot load " + HubLayout.modelName(directory),
          String.join("; ", problems),
          "Re-export the checkpoint or correct config.json");
    }
    return unused;
  }

  private List<String> differences(Map<String, long[]> expectedShapes) {
    List<String> differences = new ArrayList<>();
    for (Map.Entry<String, long[]> entry : new TreeMap<>(expectedShapes).entrySet()) {
      String name = entry.getKey();
      if (!has(name)) {
        continue;
      }
      TensorInfo tensor = info(name);
      List<Long> expected = LongStream.of(entry.getValue()).boxed().toList();
      if (!tensor.shape().equals(expected)) {
        differences.add(
            String.format(
                "tensor '%s' has shape %s, config.json implies %s",
                name, Messages.shape(tensor.shape()), Messages.shape(expected)));
      } else if (!tensor.type().isWeightType()) {
        differences.add(
            String.format(
                "tensor '%s' is stored as %s, weights are read from F32, F16 and BF16",
                name, tensor.type()));
      }
    }
    return differences;
  }

  private static void cut(List<String> differences, List<String> problems) {
    differences.stream().limit(Messages.NAMED).forEach(problems::add);
    if (differences.size() > Messages.NAMED) {
      problems.add((differences.size() - Messages.NAMED) + " more tensors disagree");
    }
  }

  /** "(7 tensors): 'a', 'b' and 5 more". */
  private static String counted(NavigableSet<String> names) {
    String noun = names.size() == 1 ? "tensor" : "tensors";
    List<String> quoted = names.stream().map(name -> "'" + name + "'").toList();
    return String.format("(%d %s): %s", names.size(), noun, Messages.listed(quoted));
  }

  private WeightFile file(String name) {
    WeightFile file = fileOfTensor.get(name);
    if (file == null) {
      throw UserException.of(
          "Cannot load " + HubLayout.modelName(directory),
          "tensor '" + name + "' is missing",
          "Re-export the checkpoint or correct config.json");
    }
    return file;
  }

  private static UserException inconsistent(Path directory, String cause) {
    return UserException.of(
        "Cannot open model " + directory, cause, "Download or export the checkpoint again");
  }

  @Override
  public void close() {
    files.forEach(WeightFile::close);
  }
}
