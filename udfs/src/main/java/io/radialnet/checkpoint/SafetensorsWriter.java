package io.radialnet.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.LongStream;

/**
 * Writes safetensors files: header padded to eight bytes, widest types first and then by name, so
 * that every tensor is aligned to its type and equal content gives equal bytes.
 */
public final class SafetensorsWriter {

  private SafetensorsWriter() {}

  /**
   * One tensor to write; its chunks must together be as long as shape and type imply.
   *
   * @param shape row-major; empty for a scalar
   * @param chunks little-endian elements in order; pieces because a tensor may exceed 2 GiB.
   *     Neither copied nor changed: leave them alone until written
   */
  public record Tensor(StorageType type, List<Long> shape, List<ByteBuffer> chunks) {

    public Tensor {
      Objects.requireNonNull(type, "type");
      shape = List.copyOf(shape);
      chunks = List.copyOf(chunks);
      long implied = shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
      long actual = chunks.stream().mapToLong(ByteBuffer::remaining).sum();
      if (implied != actual) {
        throw new IllegalArgumentException(
            String.format(
                "%s of shape %s has %d bytes, given are %d",
                type, Messages.shape(shape), implied, actual));
      }
    }

    /** A tensor in one piece of less than 2 GiB. */
    public static Tensor of(StorageType type, List<Long> shape, ByteBuffer data) {
      return new Tensor(type, shape, List.of(data));
    }

    /** A float32 tensor from row-major values, which are copied. */
    public static Tensor float32(float[] values, long... shape) {
      ByteBuffer data =
          ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      data.asFloatBuffer().put(values);
      return of(StorageType.F32, LongStream.of(shape).boxed().toList(), data);
    }

    private long bytes() {
      return chunks.stream().mapToLong(ByteBuffer::remaining).sum();
    }
  }

  /**
   * Writes the tensors to a file that appears complete or not at all, replacing one of that name.
   *
   * @param metadata kept in the header; transformers asks for {@code format = pt}
   * @throws UserException if the file cannot be written
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    Path target = file.toAbsolutePath();
    Path temporary =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try {
        writeAll(temporary, inFileOrder(tensors), metadata);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw UserException.of(
          "Cannot write " + file,
          Messages.reason(e),
          "Choose a directory that exists, is writable and has space",
          e);
    }
  }

  private static Map<String, Tensor> inFileOrder(Map<String, Tensor> tensors) {
    if (tensors.containsKey(SafetensorsHeader.METADATA_KEY)) {
      throw new IllegalArgumentException(
          "No tensor may be named " + SafetensorsHeader.METADATA_KEY);
    }
    List<Map.Entry<String, Tensor>> entries = new ArrayList<>(tensors.entrySet());
    entries.sort(
        Comparator.comparing(
                (Map.Entry<String, Tensor> entry) -> entry.getValue().type().bytes(),
                Comparator.reverseOrder())
            .thenComparing(Map.Entry::getKey));
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    entries.forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    return ordered;
  }

  private static void writeAll(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeFully(channel, header(tensors, metadata));
      for (Tensor tensor : tensors.values()) {
        for (ByteBuffer chunk : tensor.chunks()) {
          writeFully(channel, chunk.duplicate());
        }
      }
      channel.force(true);
    }
  }

  private static ByteBuffer header(Map<String, Tensor> tensors, Map<String, String> metadata) {
    ObjectNode header = Json.emptyObject();
    if (!metadata.isEmpty()) {
      ObjectNode node = header.putObject(SafetensorsHeader.METADATA_KEY);
      metadata.forEach(node::put);
    }
    long begin = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", tensor.type().name());
      ArrayNode shape = node.putArray("shape");
      tensor.shape().forEach(shape::add);
      node.putArray("data_offsets").add(begin).add(begin + tensor.bytes());
      begin += tensor.bytes();
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer buffer =
        ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + padded)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(padded)
            .put(json);
    while (buffer.hasRemaining()) {
      buffer.put((byte) ' ');
    }
    return buffer.flip();
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
