package io.radialnet.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.checkpoint.Safetensors;
import io.radialnet.checkpoint.SafetensorsWriter;
import io.radialnet.checkpoint.SafetensorsWriter.Tensor;
import io.radialnet.checkpoint.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Models and documents that the project has, and small ones made of them. */
public final class Samples {

  /** A trained model with its tokenizer: 12 layers, 256 positions. */
  public static final Path OPT_NANO = Path.of("../data-samples/opt-nano").toAbsolutePath();

  private static final Path CORPUS = Path.of("../data-samples/corpus").toAbsolutePath();
  private static final Path GOLDEN = Path.of("../udfs/src/test/resources/golden").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  private Samples() {}

  /** The text of a document of data-samples, by its id such as {@code letters/17-…}. */
  public static String text(String docId) {
    Path file = CORPUS.resolve(docId.substring(0, docId.indexOf('/')) + ".jsonl");
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .map(Samples::parsed)
          .filter(document -> document.path("doc_id").asText().equals(docId))
          .findFirst()
          .orElseThrow()
          .path("text")
          .asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Documents of data-samples by their ids, to be written by {@link #writeJsonLines}. */
  public static Map<String, String> documents(String... docIds) {
    Map<String, String> documents = new LinkedHashMap<>();
    for (String docId : docIds) {
      documents.put(docId, text(docId));
    }
    return documents;
  }

  /** Writes a corpus of texts by their ids. */
  public static Path writeJsonLines(Path file, Map<String, String> texts) {
    return write(
        file, texts.entrySet().stream().map(e -> jsonLine(e.getKey(), e.getValue())).toList());
  }

  /** A line of a corpus. */
  public static String jsonLine(String docId, String text) {
    return JSON.createObjectNode().put("doc_id", docId).put("text", text).toString();
  }

  /** Writes lines. */
  public static Path write(Path file, List<String> lines) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A JSON object. */
  public static ObjectNode parsed(String json) {
    try {
      JsonNode node = JSON.readTree(json);
      return (ObjectNode) node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The reference values of a small model. */
  public static Path goldenValues(String family) {
    return GOLDEN.resolve(family).resolve("golden.safetensors");
  }

  /**
   * Copies a small random model of a family and gives it a tokenizer of words, {@code w7} being
   * token 7.
   */
  public static Path goldenModel(String family, Path directory) {
    Path model = copy(GOLDEN.resolve(family), directory);
    WordTokenizer.ofWords(parsed(read(model.resolve("config.json"))).path("vocab_size").asInt())
        .write(model);
    return model;
  }

  /** Copies a model's files but for reference values. */
  public static Path copy(Path model, Path directory) {
    try (Stream<Path> files = Files.list(model)) {
      Files.createDirectories(directory);
      for (Path file : files.toList()) {
        if (!file.endsWith("golden.safetensors")) {
          Files.copy(file, directory.resolve(file.getFileName()));
        }
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rewrites a model's weights after a change to its tensors by name. */
  public static void changeTensors(Path model, Consumer<Map<String, Tensor>> change) {
    Path file = model.resolve("model.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (Safetensors weights = Safetensors.open(file)) {
      for (TensorInfo tensor : weights.tensors().values()) {
        List<ByteBuffer> data = weights.map(tensor.name(), Integer.MAX_VALUE);
        tensors.put(tensor.name(), new Tensor(tensor.type(), tensor.shape(), data));
      }
      change.accept(tensors);
      SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
    }
  }

  /** What tells a file from another that has replaced it. */
  public static String identity(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.fileKey() + " of " + attributes.lastModifiedTime();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file's text. */
  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
