package io.radialnet.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What decides which kernels are the fastest on a CPU. What is not known is false: the kernels of
 * any processor are right on every one.
 *
 * @param isIntel whether Intel made it, whose MKL multiplies float32 fastest there and not
 *     elsewhere
 * @param multipliesTiles whether it has units for tiles of bfloat16 (AMX)
 */
record Processor(boolean isIntel, boolean multipliesTiles) {

  private static final Path LINUX = Path.of("/proc/cpuinfo");

  /** That of this machine, as Linux describes it. */
  static Processor current() {
    try {
      return Files.isReadable(LINUX) ? of(Files.readAllLines(LINUX)) : new Processor(false, false);
    } catch (IOException e) {
      return new Processor(false, false);
    }
  }

  /** That of a description, "key : value" a line, as in /proc/cpuinfo. */
  static Processor of(List<String> description) {
    return new Processor(
        value(description, "vendor_id").equals("GenuineIntel"),
        List.of(value(description, "flags").split(" ")).contains("amx_bf16"));
  }

  private static String value(List<String> description, String key) {
    return description.stream()
        .map(line -> line.split(":", 2))
        .filter(parts -> parts.length == 2 && parts[0].strip().equals(key))
        .map(parts -> parts[1].strip())
        .findFirst()
        .orElse("");
  }
}
