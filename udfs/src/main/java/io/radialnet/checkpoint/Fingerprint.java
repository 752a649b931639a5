package io.radialnet.checkpoint;

import io.radialnet.error.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The identity of a model: a SHA-256 over the content of every file that decides a value, wherever
 * the directory lies and whatever it is called.
 */
public final class Fingerprint {

  /** Besides the weights. What is absent does not count. */
  private static final List<String> DECIDING_FILES =
      List.of(
          ModelConfig.FILE,
          "tokenizer.json",
          "tokenizer_config.json",
          "vocab.json",
          "merges.txt",
          "vocab.txt",
          "special_tokens_map.json",
          "added_tokens.json",
          "preprocessor_config.json");

  private static final int BUFFER_BYTES = 1 << 20;

  private Fingerprint() {}

  /**
   * Reads all deciding files, in parallel, and combines their hashes in order of name.
   *
   * @return 64 lower-case hexadecimal digits
   * @throws UserException if the directory holds no config.json or no weights, or a file cannot be
   *     read
   */
  public static String of(Path directory) {
    NavigableSet<String> names = decidingFiles(directory);
    List<byte[]> hashes =
        names.parallelStream().map(name -> contentHash(directory.resolve(name))).toList();
    MessageDigest combined = sha256();
    int next = 0;
    for (String name : names) {
      combined.update(name.getBytes(StandardCharsets.UTF_8));
      combined.update((byte) 0);
      combined.update(hashes.get(next++));
    }
    return hex(combined);
  }

  private static NavigableSet<String> decidingFiles(Path directory) {
    if (!Files.isRegularFile(directory.resolve(ModelConfig.FILE))) {
      throw ModelConfig.noConfig(directory.toString());
    }
    NavigableSet<String> names = new TreeSet<>(WeightFiles.locate(directory).names());
    DECIDING_FILES.stream()
        .filter(name -> Files.isRegularFile(directory.resolve(name)))
        .forEach(names::add);
    return names;
  }

  private static byte[] contentHash(Path file) {
    MessageDigest digest = sha256();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(buffer.clear()) >= 0) {
        digest.update(buffer.flip());
      }
    } catch (IOException e) {
      throw UserException.of(
          "Cannot read " + file, Messages.reason(e), "Check the path and its permissions", e);
    }
    return digest.digest();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
