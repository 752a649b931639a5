package io.radialnet.jobs.provenance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The {@code run.json} of a directory: what was run, on what, and whether it is complete. Written
 * in one step, so that a reader sees the old one or the new one.
 */
public final class RunManifest {

  /** Its file name. */
  public static final String FILE_NAME = "run.json";

  /** The value of {@code status} when every shard is written. */
  public static final String COMPLETE = "complete";

  /** The value of {@code status} before that. */
  public static final String INCOMPLETE = "incomplete";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private RunManifest() {}

  /** An object to be filled. */
  public static ObjectNode newObject() {
    return JSON.createObjectNode();
  }

  /**
   * Reads a directory's manifest.
   *
   * @return empty if the directory has none
   * @throws UserException if it is there and cannot be read
   */
  public static Optional<ObjectNode> read(Path directory, Configuration conf) {
    return read(directory, FILE_NAME, conf);
  }

  /**
   * As {@link #read(Path, Configuration)}, of another file name.
   *
   * @throws UserException if it is there and cannot be read
   */
  public static Optional<ObjectNode> read(Path directory, String fileName, Configuration conf) {
    Path file = new Path(directory, fileName);
    try {
      FileSystem files = file.getFileSystem(conf);
      if (!files.exists(file)) {
        return Optional.empty();
      }
      try (InputStream in = files.open(file)) {
        JsonNode node = JSON.readTree(in.readAllBytes());
        if (node instanceof ObjectNode object) {
          return Optional.of(object);
        }
        throw unreadable(file, "it is no JSON object", null);
      }
    } catch (JsonProcessingException e) {
      throw unreadable(file, "it is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw unreadable(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static UserException unreadable(Path file, String cause, Throwable origin) {
    return UserException.of(
        "Cannot read " + file, cause, "Choose another --out, or delete the file", origin);
  }

  /**
   * Writes a directory's manifest, replacing an earlier one in one step.
   *
   * @throws UserException if it cannot be written
   */
  public static void write(Path directory, ObjectNode manifest, Configuration conf) {
    write(directory, FILE_NAME, manifest, conf);
  }

  /**
   * As {@link #write(Path, ObjectNode, Configuration)}, of another file name.
   *
   * @throws UserException if it cannot be written
   */
  public static void write(
      Path directory, String fileName, ObjectNode manifest, Configuration conf) {
    Path file = new Path(directory, fileName);
    try {
      WholeFile.write(
          file, (JSON.writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8), conf);
    } catch (IOException | FSError e) {
      throw UserException.of(
          "Cannot write " + file,
          String.valueOf(e.getMessage()),
          "Choose an --out that can be written to",
          e);
    }
  }

  /** The manifest on one line. */
  public static String oneLine(ObjectNode manifest) {
    return manifest.toString();
  }
}
