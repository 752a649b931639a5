package io.radialnet.jobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.radialnet.jobs.table.TokenRatiosWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * What a run has written so far.
 *
 * @param out the --out of the run
 */
record RunDirectory(Path out) {

  private static final String TOKEN_RATIOS = "token_ratios";
  private static final String SHARD = "shard=";

  /** Which file it is, and when it was written. */
  record FileIdentity(Object key, FileTime modified) {}

  /** The files of finished shards, by shard. */
  SortedMap<Integer, FileIdentity> committed() {
    SortedMap<Integer, FileIdentity> committed = new TreeMap<>();
    for (Path shard : children(out.resolve(TOKEN_RATIOS))) {
      Path file = shard.resolve("part.parquet");
      if (Files.exists(file)) {
        int number = Integer.parseInt(shard.getFileName().toString().substring(SHARD.length()));
        committed.put(number, identity(file));
      }
    }
    return committed;
  }

  private static FileIdentity identity(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileIdentity(attributes.fileKey(), attributes.lastModifiedTime());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Shards that are being written: those with a file under another than its final name. */
  List<Path> halfWritten() {
    List<Path> halfWritten = new ArrayList<>();
    for (String table : List.of(TOKEN_RATIOS, "errors")) {
      for (Path shard : children(out.resolve(table))) {
        for (Path file : children(shard)) {
          String name = file.getFileName().toString();
          if (!name.equals("part.parquet") && !name.endsWith(".crc")) {
            halfWritten.add(file);
          }
        }
      }
    }
    return halfWritten;
  }

  private static List<Path> children(Path directory) {
    try (Stream<Path> children = Files.list(directory)) {
      return children.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isClaimed() {
    return Files.exists(out.resolve("run.json"));
  }

  /** run.json. */
  JsonNode manifest() {
    try {
      return new ObjectMapper().readTree(out.resolve("run.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String status() {
    return manifest().path("status").asText();
  }

  /** What the file of a finished shard says of itself. */
  Map<String, String> footer(int shard) {
    Path file = out.resolve(TOKEN_RATIOS).resolve(SHARD + shard).resolve("part.parquet");
    return TokenRatiosWriter.footer(
        new Configuration(), new org.apache.hadoop.fs.Path(file.toUri()));
  }
}
