package io.radialnet.jobs.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The one file for spark-submit: all that Spark does not ship, nothing that it does. */
class ShadedJarIT {

  private static final Path JAR = Path.of(System.getProperty("radial.jar"));
  private static final Path SPARK_JARS = Path.of(System.getProperty("radial.sparkHome"), "jars");

  @Test
  void sharesNoClassWithSpark() throws IOException {
    Set<String> ours = classes(JAR);
    List<String> duplicates = new ArrayList<>();
    try (DirectoryStream<Path> sparks = Files.newDirectoryStream(SPARK_JARS, "*.jar")) {
      for (Path jar : sparks) {
        Set<String> both = classes(jar);
        both.retainAll(ours);
        both.forEach(name -> duplicates.add(jar.getFileName() + ": " + name));
      }
    }
    assertThat(duplicates).isEmpty();
  }

  @Test
  void holdsEngineDeltaAndCommandLine() throws IOException {
    assertThat(entries(JAR))
        .contains(
            "ai/djl/engine/Engine.class",
            "ai/djl/pytorch/engine/PtEngine.class",
            "ai/djl/huggingface/tokenizers/HuggingFaceTokenizer.class",
            "com/sun/jna/Library.class",
            "io/delta/sql/DeltaSparkSessionExtension.class",
            "io/radialnet/error/UserException.class",
            "io/radialnet/jobs/cli/Radial.class",
            "io/radialnet/sparksql/RadialExtensions.class",
            "picocli/CommandLine.class");
  }

  @Test
  void holdsNativesOfOnePlatformOnly() throws IOException {
    assertThat(platforms("jnilib/")).hasSize(1).isEqualTo(platforms("native/lib/"));
    assertThat(platforms("pytorch/cpu/")).isEqualTo(platforms("jnilib/"));
  }

  @Test
  void mergesTheEnginesOfAllJars() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile());
        InputStream providers =
            jar.getInputStream(jar.getEntry("META-INF/services/ai.djl.engine.EngineProvider"))) {
      assertThat(new String(providers.readAllBytes(), StandardCharsets.UTF_8))
          .contains(
              "ai.djl.pytorch.engine.PtEngineProvider", "ai.djl.engine.rust.RsEngineProvider");
    }
  }

  /** The directories right below {@code folder}: "linux-x86_64". */
  private static Set<String> platforms(String folder) throws IOException {
    Set<String> platforms = new TreeSet<>();
    for (String entry : entries(JAR)) {
      if (entry.startsWith(folder)) {
        int end = entry.indexOf('/', folder.length());
        if (end > 0) {
          platforms.add(entry.substring(folder.length(), end));
        }
      }
    }
    return platforms;
  }

  private static Set<String> classes(Path jar) throws IOException {
    Set<String> classes = entries(jar);
    classes.removeIf(
        name ->
            !name.endsWith(".class")
                || name.endsWith("module-info.class")
                || name.startsWith("META-INF/"));
    return classes;
  }

  private static Set<String> entries(Path jar) throws IOException {
    Set<String> names = new TreeSet<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      file.stream().forEach(entry -> names.add(entry.getName()));
    }
    return names;
  }
}
