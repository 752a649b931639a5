package io.radialnet.jobs.routerfit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.options.Learner;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.router.RouterName;
import io.radialnet.router.RoutersFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The directory of fitted routers. Its {@code routers.json} says {@code complete} only when all
 * else is written. Nothing in it is ever deleted but what an earlier {@code fit-routers} wrote.
 */
final class RouterOutput {

  /** The manifest's file name. */
  static final String MANIFEST = "routers.json";

  private static final String FILE = "routers.safetensors";
  private static final String MODELS = "models";
  private static final String SCRATCH = ".examples";

  private final Path directory;
  private final Configuration conf;
  private final List<Learner> learners;

  /**
   * @param learners those that are fitted, in the order asked for
   */
  RouterOutput(String directory, List<Learner> learners, Configuration conf) {
    this.conf = conf;
    this.learners = learners;
    Path path = new Path(directory);
    try {
      this.directory = path.getFileSystem(conf).makeQualified(path);
    } catch (IOException | IllegalArgumentException e) {
      throw unwritable(path, e);
    }
  }

  /**
   * Checks that routers can be written: there is nothing, or what an earlier run has left
   * unfinished, or a finished run that may be replaced.
   *
   * @throws UserException if there is anything else
   */
  void requireFree(boolean overwrite) {
    Optional<ObjectNode> earlier = RunManifest.read(directory, MANIFEST, conf);
    if (earlier.isPresent()) {
      if (earlier.get().path("status").asText().equals(RunManifest.COMPLETE) && !overwrite) {
        throw UserException.of(
            "Cannot write to " + directory,
            "it holds finished routers of run " + earlier.get().path("run_id").asText(),
            "Choose another --out, or --overwrite to replace them");
      }
      return;
    }
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
              "it holds '" + status.getPath().getName() + "' and no " + MANIFEST,
              "Choose a new or empty directory with --out");
        }
      }
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  /** Removes what an earlier run wrote and says that this one is not complete. */
  void begin(ObjectNode manifest) {
    manifest.put("status", RunManifest.INCOMPLETE);
    try {
      FileSystem files = directory.getFileSystem(conf);
      files.mkdirs(directory);
      RunManifest.write(directory, MANIFEST, manifest, conf);
      files.delete(new Path(directory, MODELS), /* recursive= */ true);
      files.delete(new Path(directory, SCRATCH), /* recursive= */ true);
      for (Learner learner : Learner.values()) {
        files.delete(new Path(directory, named(learner)), /* recursive= */ false);
      }
      files.delete(new Path(directory, FILE), /* recursive= */ false);
    } catch (IOException | FSError e) {
      throw unwritable(directory, e);
    }
  }

  /** Says that all is written. */
  void finish(ObjectNode manifest) {
    manifest.put("status", RunManifest.COMPLETE);
    RunManifest.write(directory, MANIFEST, manifest, conf);
  }

  /** Where examples lie while routers are fitted. */
  String scratch() {
    return new Path(directory, SCRATCH).toString();
  }

  /** Deletes what lies there. */
  void deleteScratch() {
    try {
      directory.getFileSystem(conf).delete(new Path(directory, SCRATCH), /* recursive= */ true);
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  /** Where MLlib's model of a router is saved. */
  String modelDirectory(Learner learner, RouterName router) {
    return new Path(directory, MODELS + "/" + learner + "/" + router).toString();
  }

  /** The name of a learner's file of routers: that of the first one is the shortest. */
  String fileName(Learner learner) {
    Optional<Learner> first = learners.stream().filter(one -> one != Learner.GBT).findFirst();
    return first.equals(Optional.of(learner)) ? FILE : named(learner);
  }

  private static String named(Learner learner) {
    return "routers." + learner + ".safetensors";
  }

  /** Writes a learner's file of routers, on any file system. */
  void write(Learner learner, RoutersFile routers) {
    Path target = new Path(directory, fileName(learner));
    try {
      java.nio.file.Path local = Files.createTempFile("routers", ".safetensors");
      try {
        routers.write(local);
        target
            .getFileSystem(conf)
            .copyFromLocalFile(
                /* delSrc= */ false, /* overwrite= */ true, new Path(local.toUri()), target);
      } finally {
        Files.deleteIfExists(local);
      }
    } catch (IOException | FSError e) {
      throw unwritable(target, e);
    }
  }

  /** The directory, qualified. */
  String directory() {
    return directory.toString();
  }

  private static UserException unwritable(Path path, Throwable cause) {
    return UserException.of(
        "Cannot write to " + path,
        cause.getMessage() == null ? cause.toString() : cause.getMessage(),
        "Choose an --out that can be written to",
        cause);
  }
}
