package io.radialnet.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The memory that this process holds, native memory included, as the operating system counts it.
 */
public final class ProcessMemory {

  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessMemory() {}

  /**
   * The largest resident set this process ever had, in bytes; empty where only the current one is
   * known.
   */
  public static OptionalLong peakResidentBytes() {
    return fromStatus("VmHWM:");
  }

  /** The resident set now, in bytes; empty where the system does not tell. */
  public static OptionalLong residentBytes() {
    OptionalLong linux = fromStatus("VmRSS:");
    return linux.isPresent() ? linux : fromPs();
  }

  private static OptionalLong fromStatus(String key) {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong fromPs() {
    try {
      Process ps =
          new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(ProcessHandle.current().pid()))
              .redirectErrorStream(true)
              .start();
      String kibibytes =
          new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
      return kibibytes.matches("\\d+")
          ? OptionalLong.of(Long.parseLong(kibibytes) * 1024)
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
