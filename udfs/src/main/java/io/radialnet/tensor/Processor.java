package io.radialnet.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What decides which kernels are the fastest on a CPU. What is not known is false: the kernels of
 * any processor are right on every one.
 *
 * @param isIntel whether Intel made it, whose MKL multiplies float32 fastest there and not
 *     elsewhere
 * @param multipliesTiles whether it has units for tiles of bfloat16 (AMX)
 * @param multipliesInt8Tiles whether it has units for tiles of int8 (AMX)
 * @param multiplied the types of 16 bits whose products are faster than those of float32
 */
record Processor(
    boolean isIntel,
    boolean multipliesTiles,
    boolean multipliesInt8Tiles,
    Set<ElementType> multiplied) {

  /** Of what is not known. */
  static final Processor UNKNOWN = new Processor(false, false, false, Set.of());

  private static final Path LINUX = Path.of("/proc/cpuinfo");

  /** That of this machine, as Linux describes it. */
  static Processor current() {
    try {
      return Files.isReadable(LINUX) ? of(Files.readAllLines(LINUX)) : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** That of a description, "key : value" a line, as in /proc/cpuinfo. */
  static Processor of(List<String> description) {
    boolean isIntel = value(description, "vendor_id").equals("GenuineIntel");
    Set<String> flags = words(description, "flags");
    EnumSet<ElementType> multiplied = EnumSet.noneOf(ElementType.class);
    if (flags.contains("amx_bf16") || words(description, "Features").contains("bf16")) {
      multiplied.add(ElementType.BFLOAT16);
    }
    // Intel's vectors multiply it at half the rate of float32 where that was measured (model 207).
    // Cooper Lake, which has no tiles, is said to be faster; it was not measured.
    if (flags.contains("avx512_bf16") && (!isIntel || isCooperLake(description))) {
      multiplied.add(ElementType.BFLOAT16);
    }
    if (flags.contains("amx_fp16")) {
      multiplied.add(ElementType.FLOAT16);
    }
    return new Processor(
        isIntel, flags.contains("amx_bf16"), flags.contains("amx_int8"), Set.copyOf(multiplied));
  }

  private static boolean isCooperLake(List<String> description) {
    return value(description, "cpu family").equals("6") && value(description, "model").equals("85");
  }

  private static Set<String> words(List<String> description, String key) {
    return new HashSet<>(List.of(value(description, key).split(" ")));
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
