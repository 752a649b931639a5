package io.radialnet.jobs.shard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.jobs.table.TokenRatiosWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The directory that a run writes: whose it is, and which of its shards are done. Nothing in it is
 * ever deleted but what an earlier run of the same command wrote, and that only when asked to
 * overwrite.
 */
public final class ShardedOutput {

  /** Of what decides values, in a run of a version or with settings that do not name it. */
  private static final String NOT_GIVEN = "not given";

  /** The footer key of the run that a file belongs to. */
  public static final String RUN_ID = "radial.run_id";

  private final Layout layout;
  private final Path directory;
  private final Configuration conf;

  /** The directory of a run, which need not exist. */
  public ShardedOutput(Layout layout, String directory, Configuration conf) {
    this.layout = layout;
    this.directory = qualified(new Path(directory), conf);
    this.conf = conf;
  }

  /**
   * What a command writes.
   *
   * @param writer whose directory it is, as in "no run.json of a profile"
   * @param manifest file name of the manifest
   * @param table the table whose shards decide what is done
   * @param others other files and directories
   */
  public record Layout(String writer, String manifest, String table, List<String> others) {

    public Layout {
      others = List.copyOf(others);
    }

    private List<String> names() {
      List<String> names = new ArrayList<>(others);
      names.add(table);
      names.add(manifest);
      return names;
    }
  }

  private static Path qualified(Path path, Configuration conf) {
    try {
      return path.getFileSystem(conf).makeQualified(path);
    } catch (IOException | IllegalArgumentException e) {
      throw unwritable(path, e);
    }
  }

  /** The directory as a URI. */
  public String directory() {
    return directory.toString();
  }

  /**
   * Checks that the directory is not among the corpus's files, which would be others the next time.
   *
   * @param corpus as the user names it
   * @throws UserException if it is
   */
  public void requireOutside(String corpus) {
    Path root;
    try {
      Path path = new Path(corpus);
      root = path.getFileSystem(conf).makeQualified(path);
    } catch (IOException | IllegalArgumentException e) {
      return; // Reading the corpus says what is wrong with it.
    }
    for (Path above = directory.getParent(); above != null; above = above.getParent()) {
      if (above.equals(root)) {
        throw UserException.of(
            "Cannot write to " + directory,
            "it lies in the corpus, whose files it would join",
            "Choose an --out outside of " + corpus);
      }
    }
  }

  /** The manifest of an earlier run; empty if there is none. */
  public Optional<ObjectNode> earlier() {
    return RunManifest.read(directory, layout.manifest(), conf);
  }

  /**
   * Makes the directory this run's: nothing happens when an interrupted run of the same id left it.
   *
   * @param manifest of this run, incomplete
   * @param deciding what decides this run's values, to name the difference to another's
   * @throws UserException if it holds another run and is not to be overwritten, or anything else
   */
  public void claim(ObjectNode manifest, Map<String, String> deciding, Overwrite overwrite) {
    Optional<ObjectNode> earlier = earlier();
    boolean same =
        earlier.isPresent()
            && earlier.get().path("run_id").asText().equals(manifest.path("run_id").asText());
    if (same && overwrite == Overwrite.KEEP) {
      return;
    }
    if (earlier.isPresent() && overwrite == Overwrite.KEEP) {
      throw UserException.of(
          "Cannot write to " + directory,
          "it holds another run, which differs in " + differences(earlier.get(), deciding),
          "Choose another --out, or --overwrite to replace it");
    }
    if (earlier.isEmpty()) {
      requireNothingForeign();
    }
    try {
      FileSystem files = directory.getFileSystem(conf);
      files.mkdirs(directory);
      for (String name : layout.names()) {
        files.delete(new Path(directory, name), true);
      }
    } catch (IOException | FSError e) {
      throw unwritable(directory, e);
    }
    write(manifest);
  }

  /** Whether an earlier run may be replaced. */
  public enum Overwrite {
    KEEP,
    REPLACE
  }

  private void requireNothingForeign() {
    try {
      FileSystem files = directory.getFileSystem(conf);
      if (!files.exists(directory)) {
        return;
      }
      if (!files.getFileStatus(directory).isDirectory()) {
        throw UserException.of(
            "Cannot write to " + directory, "it is a file", "Name a directory with --out");
      }
      for (FileStatus status : files.listStatus(directory)) {
        if (!status.getPath().getName().startsWith(".")) {
          throw UserException.of(
              "Cannot write to " + directory,
              "it holds '"
                  + status.getPath().getName()
                  + "' and no "
                  + layout.manifest()
                  + " of "
                  + layout.writer(),
              "Choose a new or empty directory with --out");
        }
      }
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  private static String differences(ObjectNode earlier, Map<String, String> deciding) {
    Map<String, String> before = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> one : earlier.path("deciding").properties()) {
      before.put(one.getKey(), one.getValue().asText());
    }
    Set<String> keys = new LinkedHashSet<>(deciding.keySet());
    keys.addAll(before.keySet());
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      String there = before.getOrDefault(key, NOT_GIVEN);
      String now = deciding.getOrDefault(key, NOT_GIVEN);
      if (!there.equals(now)) {
        differences.add(key + " (there " + shown(there) + ", now " + shown(now) + ")");
      }
    }
    return differences.isEmpty() ? "its version" : String.join(", ", differences);
  }

  private static String shown(String value) {
    return value.matches("[0-9a-f]{64}") ? value.substring(0, 12) : "'" + value + "'";
  }

  private static UserException unwritable(Path path, Throwable e) {
    return UserException.of(
        "Cannot write to " + path,
        e.getMessage() == null ? e.toString() : e.getMessage(),
        "Choose an --out that can be written to",
        e);
  }

  /** The shards whose file is not there yet. */
  public int[] missingShards(int shards) {
    try {
      FileSystem files = directory.getFileSystem(conf);
      List<Integer> missing = new ArrayList<>();
      for (int shard = 0; shard < shards; shard++) {
        if (!files.exists(shardFile(shard))) {
          missing.add(shard);
        }
      }
      return missing.stream().mapToInt(Integer::intValue).toArray();
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  /** The one file of a shard. */
  private Path shardFile(int shard) {
    return TokenRatiosTable.shardFile(new Path(directory, layout.table()), shard);
  }

  /**
   * What the footers of these shards' files say, in no order.
   *
   * @throws UserException when a file cannot be read or belongs to another run
   */
  public Stream<Map<String, String>> footers(IntStream shards, String runId) {
    return shards.parallel().mapToObj(shard -> footer(shardFile(shard), runId));
  }

  private Map<String, String> footer(Path file, String runId) {
    Map<String, String> footer = TokenRatiosWriter.footer(conf, file);
    if (!runId.equals(footer.get(RUN_ID))) {
      throw UserException.of(
          "Cannot finish the run in " + directory,
          file + " belongs to run " + footer.get(RUN_ID) + ", not to " + runId,
          "Run again with --overwrite");
    }
    return footer;
  }

  /** Writes the manifest, replacing an earlier one. */
  public void write(ObjectNode manifest) {
    RunManifest.write(directory, layout.manifest(), manifest, conf);
  }

  /** A killed attempt leaves a file of a temporary, hidden name. */
  public static void removeLeftovers(Path file, Configuration conf) throws IOException {
    FileSystem files = file.getFileSystem(conf);
    if (!files.exists(file.getParent())) {
      return;
    }
    for (FileStatus status : files.listStatus(file.getParent())) {
      String name = status.getPath().getName();
      if (name.startsWith(".") && name.contains(file.getName())) {
        files.delete(status.getPath(), false);
      }
    }
  }
}
