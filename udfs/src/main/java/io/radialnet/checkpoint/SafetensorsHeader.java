package io.radialnet.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The header of a safetensors file: eight bytes of length (unsigned, little-endian), then JSON that
 * names every tensor with its type, shape and range of bytes after the header.
 *
 * <p>Accepts what the safetensors library accepts: the ranges, in order, cover the rest of the file
 * without gap or overlap, and each is as long as its shape and type imply. So nobody who maps a
 * tensor later has to check anything.
 */
record SafetensorsHeader(Map<String, TensorInfo> tensors, Map<String, String> metadata) {

  /** The library's own bound, in bytes. A header longer than this is an attack or an accident. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  static final int LENGTH_BYTES = 8;
  static final String METADATA_KEY = "__metadata__";

  static SafetensorsHeader read(MappedFile file) {
    return new Reader(file.path(), file.bytes()).read(file);
  }

  /** Reads one header; holds what every check needs for its message. */
  private record Reader(Path file, long fileBytes) {

    SafetensorsHeader read(MappedFile source) {
      long headerBytes = headerBytes(source);
      long dataStart = LENGTH_BYTES + headerBytes;
      byte[] text = source.read(LENGTH_BYTES, (int) headerBytes).array();
      ObjectNode header = Json.object("the header of " + file, text);
      Map<String, String> metadata = metadata(header.remove(METADATA_KEY));
      Map<String, TensorInfo> tensors = new TreeMap<>();
      header
          .properties()
          .forEach(
              entry ->
                  tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), dataStart)));
      checkRanges(tensors, dataStart);
      return new SafetensorsHeader(
          Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(metadata));
    }

    private long headerBytes(MappedFile source) {
      if (fileBytes < LENGTH_BYTES) {
        throw corrupt("it has " + fileBytes + " bytes, too few for the length of a header");
      }
      long headerBytes = source.read(0, LENGTH_BYTES).getLong(0);
      if (Long.compareUnsigned(headerBytes, MAX_HEADER_BYTES) > 0) {
        throw corrupt(
            String.format(
                "its header claims %s bytes, the format allows %d",
                Long.toUnsignedString(headerBytes), MAX_HEADER_BYTES));
      }
      if (headerBytes > fileBytes - LENGTH_BYTES) {
        throw corrupt(
            String.format(
                "its header claims %d bytes, the file ends after %d", headerBytes, fileBytes));
      }
      return headerBytes;
    }

    private Map<String, String> metadata(JsonNode node) {
      Map<String, String> metadata = new LinkedHashMap<>();
      if (node == null) {
        return metadata;
      }
      if (!node.isObject()) {
        throw corrupt(METADATA_KEY + " is not an object");
      }
      node.properties()
          .forEach(
              entry -> {
                if (!entry.getValue().isTextual()) {
                  throw corrupt(METADATA_KEY + " holds '" + entry.getKey() + "', not a string");
                }
                metadata.put(entry.getKey(), entry.getValue().textValue());
              });
      return metadata;
    }

    private TensorInfo tensor(String name, JsonNode node, long dataStart) {
      StorageType type = type(name, node.path("dtype"));
      List<Long> shape = longs(name, "shape", node.path("shape"));
      List<Long> range = longs(name, "data_offsets", node.path("data_offsets"));
      if (range.size() != 2) {
        throw corrupt("tensor '" + name + "' has data_offsets " + range + ", not two numbers");
      }
      long begin = range.get(0);
      long end = range.get(1);
      if (begin > end) {
        throw corrupt(
            String.format("tensor '%s' begins at %d, after its end at %d", name, begin, end));
      }
      if (end > fileBytes - dataStart) {
        throw corrupt(
            String.format(
                "tensor '%s' ends at %d, beyond the %d bytes of data in the file",
                name, end, fileBytes - dataStart));
      }
      long implied = impliedBytes(name, type, shape);
      if (end - begin != implied) {
        throw corrupt(
            String.format(
                "tensor '%s' has %d bytes, its shape %s of %s implies %d",
                name, end - begin, Messages.shape(shape), type, implied));
      }
      return new TensorInfo(name, type, shape, dataStart + begin, end - begin);
    }

    private StorageType type(String name, JsonNode node) {
      if (!node.isTextual()) {
        throw corrupt("tensor '" + name + "' has no dtype");
      }
      return StorageType.named(node.textValue())
          .orElseThrow(
              () ->
                  UserException.of(
                      "Cannot read " + file,
                      String.format(
                          "tensor '%s' has dtype %s, which is not supported",
                          name, node.textValue()),
                      "Export the checkpoint with one of "
                          + Arrays.toString(StorageType.values())));
    }

    private List<Long> longs(String name, String key, JsonNode node) {
      if (!node.isArray()) {
        throw corrupt("tensor '" + name + "' has no " + key);
      }
      List<Long> values = new ArrayList<>();
      for (JsonNode element : node) {
        if (!element.isIntegralNumber() || !element.canConvertToLong() || element.longValue() < 0) {
          throw corrupt(
              String.format(
                  "tensor '%s' has %s %s, not numbers from 0 to 2^63 - 1", name, key, node));
        }
        values.add(element.longValue());
      }
      return values;
    }

    private long impliedBytes(String name, StorageType type, List<Long> shape) {
      try {
        long bytes = type.bytes();
        for (long dimension : shape) {
          bytes = Math.multiplyExact(bytes, dimension);
        }
        return bytes;
      } catch (ArithmeticException e) {
        throw corrupt(
            "tensor '" + name + "' has shape " + Messages.shape(shape) + ", beyond 2^63 bytes");
      }
    }

    private void checkRanges(Map<String, TensorInfo> tensors, long dataStart) {
      List<TensorInfo> inOrder = new ArrayList<>(tensors.values());
      inOrder.sort(
          Comparator.comparingLong(TensorInfo::fileOffset).thenComparingLong(TensorInfo::bytes));
      long expected = dataStart;
      String previous = "the header";
      for (TensorInfo tensor : inOrder) {
        if (tensor.fileOffset() < expected) {
          throw corrupt("tensors '" + previous + "' and '" + tensor.name() + "' overlap");
        }
        if (tensor.fileOffset() > expected) {
          throw corrupt(
              String.format(
                  "%d bytes before tensor '%s' belong to no tensor",
                  tensor.fileOffset() - expected, tensor.name()));
        }
        expected += tensor.bytes();
        previous = tensor.name();
      }
      if (expected != fileBytes) {
        throw corrupt((fileBytes - expected) + " bytes at its end belong to no tensor");
      }
    }

    private UserException corrupt(String cause) {
      return Messages.corrupt(file, cause);
    }
  }
}
