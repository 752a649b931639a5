package io.radialnet.jobs.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.table.ErrorsTable;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.jobs.table.TokenRatiosWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The directory that a run writes: whose it is, and which of its shards are done. Nothing in it is
 * ever deleted but what an earlier {@code profile} wrote, and that only when asked to overwrite.
 */
final class ProfileOutput {

  /** The footer key of the run that a file belongs to. */
  static final String RUN_ID = "radial.run_id";

  private static final List<String> OURS =
      List.of(TokenRatiosTable.NAME, ErrorsTable.NAME, RunManifest.FILE_NAME);

  private final Path directory;
  private final Configuration conf;

  ProfileOutput(String directory, Configuration conf) {
    this.directory = qualified(new Path(directory), conf);
    this.conf = conf;
  }

  private static Path qualified(Path path, Configuration conf) {
    try {
      return path.getFileSystem(conf).makeQualified(path);
    } catch (IOException | IllegalArgumentException e) {
      throw unwritable(path, e);
    }
  }

  String directory() {
    return directory.toString();
  }

  /**
   * Checks that the directory is not among the corpus's files, which would be others the next time.
   *
   * @param corpus as the user names it
   * @throws UserException if it is
   */
  void requireOutside(String corpus) {
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
  Optional<ObjectNode> earlier() {
    return RunManifest.read(directory, conf);
  }

  /**
   * Makes the directory this run's: nothing happens when an interrupted run of the same id left it.
   *
   * @param manifest of this run, incomplete
   * @param deciding what decides this run's values, to name the difference to another's
   * @throws UserException if it holds another run and is not to be overwritten, or anything else
   */
  void claim(ObjectNode manifest, Map<String, String> deciding, Overwrite overwrite) {
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
      for (String name : OURS) {
        files.delete(new Path(directory, name), true);
      }
    } catch (IOException | FSError e) {
      throw unwritable(directory, e);
    }
    RunManifest.write(directory, manifest, conf);
  }

  /** Whether an earlier run may be replaced. */
  enum Overwrite {
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
              "it holds '" + status.getPath().getName() + "' and no run.json of a profile",
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
    List<String> differences = new ArrayList<>();
    deciding.forEach(
        (key, value) -> {
          String other = before.getOrDefault(key, "not given");
          if (!other.equals(value)) {
            differences.add(key + " (there " + shown(other) + ", now " + shown(value) + ")");
          }
        });
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
  int[] missingShards(int shards) {
    Path table = new Path(directory, TokenRatiosTable.NAME);
    try {
      FileSystem files = directory.getFileSystem(conf);
      List<Integer> missing = new ArrayList<>();
      for (int shard = 0; shard < shards; shard++) {
        if (!files.exists(TokenRatiosTable.shardFile(table, shard))) {
          missing.add(shard);
        }
      }
      return missing.stream().mapToInt(Integer::intValue).toArray();
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  /** What these shards hold together. */
  ShardSummary summary(IntStream shards, String runId) {
    Path table = new Path(directory, TokenRatiosTable.NAME);
    return shards
        .parallel()
        .mapToObj(shard -> summary(TokenRatiosTable.shardFile(table, shard), runId))
        .reduce(ShardSummary.NONE, ShardSummary::plus);
  }

  private ShardSummary summary(Path file, String runId) {
    Map<String, String> footer = TokenRatiosWriter.footer(conf, file);
    if (!runId.equals(footer.get(RUN_ID))) {
      throw UserException.of(
          "Cannot finish the run in " + directory,
          file + " belongs to run " + footer.get(RUN_ID) + ", not to " + runId,
          "Run again with --overwrite");
    }
    return ShardSummary.ofFooter(footer);
  }

  /** Writes run.json, replacing an earlier one. */
  void write(ObjectNode manifest) {
    RunManifest.write(directory, manifest, conf);
  }
}
