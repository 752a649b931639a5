package io.radialnet.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Zip files as torch.save writes them, with any content. */
final class TorchZips {

  private TorchZips() {}

  /** The entries of a file with this pickle and one storage "0". */
  static Map<String, byte[]> entries(byte[] pickle, int storageBytes) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("model/data.pkl", pickle);
    entries.put("model/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    entries.put("model/data/0", new byte[storageBytes]);
    entries.put("model/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    return entries;
  }

  static Path write(Path file, byte[] pickle, int storageBytes) {
    return write(file, entries(pickle, storageBytes), ZipEntry.STORED);
  }

  static Path write(Path file, Map<String, byte[]> entries, int method) {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        byte[] content = entry.getValue();
        ZipEntry header = new ZipEntry(entry.getKey());
        CRC32 checksum = new CRC32();
        checksum.update(content);
        header.setMethod(method);
        header.setSize(content.length);
        header.setCrc(checksum.getValue());
        zip.putNextEntry(header);
        zip.write(content);
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
