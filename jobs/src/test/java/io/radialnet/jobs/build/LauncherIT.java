package io.radialnet.jobs.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, in a directory with a blank in its name, called from elsewhere. */
class LauncherIT {

  private static final Path JAR = Path.of(System.getProperty("radial.jar"));
  private static final Path ROOT = JAR.getParent().getParent().getParent();
  private static final String JAVA_HOME = System.getProperty("java.home");
  private static final String PATH = "/usr/bin:/bin";

  @TempDir private Path directory;
  private final List<Path> links = new ArrayList<>();
  private Path home;
  private Path elsewhere;

  @BeforeEach
  void install() throws IOException {
    home = Files.createDirectories(directory.resolve("a b/radial"));
    elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.copy(ROOT.resolve("radial"), home.resolve("radial"));
    assertThat(home.resolve("radial").toFile().setExecutable(true)).isTrue();
    copyTree(ROOT.resolve("conf"), home.resolve("conf"));
    Files.createDirectories(home.resolve("jobs/target/spark"));
  }

  @AfterEach
  void removeLinks() throws IOException {
    for (Path link : links) {
      Files.delete(link);
    }
  }

  @Test
  void runsThroughASymbolicLinkFromAnyDirectory() throws Exception {
    linkJars();
    Path link = link(elsewhere.resolve("radial"), home.resolve("radial"));

    Result result = run(Map.of("JAVA_HOME", JAVA_HOME, "PATH", PATH), link, "--help");

    assertThat(result.stdout()).contains("Usage: radial", "Commands:", "quickstart");
    assertThat(result.stderr()).isEmpty();
    assertThat(result.status()).isEqualTo(0);
  }

  @Test
  void pathsAreRelativeToWhereTheUserStands() throws Exception {
    linkJars();
    Files.writeString(elsewhere.resolve("job.properties"), "batch-tokens = 0\n");

    Result result =
        run(
            Map.of("JAVA_HOME", JAVA_HOME, "PATH", PATH),
            home.resolve("radial"),
            "profile",
            "--model=m",
            "--corpus=c",
            "--out=o",
            "--config=job.properties");

    assertThat(result.stderr()).contains("--batch-tokens is 0").hasLineCount(1);
    assertThat(result.status()).isEqualTo(2);
  }

  @Test
  void readsTheSettingsOfConf() throws Exception {
    linkJars();
    Path conf = Files.writeString(elsewhere.resolve("my.conf"), "spark.driver.memory 512m\n");

    Result result =
        run(
            Map.of("JAVA_HOME", JAVA_HOME, "PATH", PATH, "RADIAL_CONF", conf.toString()),
            home.resolve("radial"),
            "doctor");

    assertThat(result.stdout()).contains("warn  heap           0.5 GiB", ".cache/radial/native");
    assertThat(result.stderr()).isEmpty();
  }

  @Test
  void saysThatThereIsNoJava() throws Exception {
    Result result = run(Map.of("PATH", pathWithoutJava()), home.resolve("radial"), "--help");

    assertThat(result.stderr())
        .isEqualTo(
            "radial: No JDK 17 to 23 found in JAVA_HOME or on PATH."
                + " Install one and point JAVA_HOME at it.\n");
    assertThat(result.status()).isEqualTo(2);
  }

  @Test
  void saysThatJavaIsTooOldOrTooNew() throws Exception {
    assertThat(withJava("1.8.0_392").stderr()).contains("/bin/java is Java 8.");
    assertThat(withJava("25.0.1").stderr()).contains("/bin/java is Java 25.");
    assertThat(withJava("25.0.1").status()).isEqualTo(2);
  }

  private Result withJava(String version) throws Exception {
    Path jdk = Files.createDirectories(directory.resolve("jdk-" + version + "/bin")).getParent();
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(jdk.resolve("bin/java"), "exit 1");
    return run(
        Map.of("JAVA_HOME", jdk.toString(), "PATH", pathWithoutJava()),
        home.resolve("radial"),
        "--help");
  }

  @Test
  void needsMavenOnlyToBuild() throws Exception {
    Files.createDirectories(home.resolve("jobs/src"));

    Result result =
        run(
            Map.of("JAVA_HOME", JAVA_HOME, "PATH", pathWithoutJava()),
            home.resolve("radial"),
            "--help");

    assertThat(result.stderr())
        .isEqualTo(
            "radial: Radial has to be built first and Maven is not on PATH."
                + " Install Maven 3.6.3 or newer.\n");
    assertThat(result.status()).isEqualTo(2);
  }

  @Test
  void buildsWhenASourceIsNewerThanTheJarAndShowsAFailure() throws Exception {
    pretendJars();
    pretendSources();
    FileTime soon = FileTime.from(Instant.now().plusSeconds(60));
    Files.setLastModifiedTime(home.resolve("udfs/src/main"), soon);

    Result result = runWithMaven("echo \"[ERROR] asked: $*\"; exit 1");

    assertThat(result.stderr())
        .contains(
            "radial: building",
            "[ERROR] asked: -B -q -DskipTests -f " + home.toRealPath() + " package",
            "radial: the build failed, see above.");
    assertThat(result.status()).isEqualTo(1);
  }

  @Test
  void buildsAgainAfterAnInterruptedBuild() throws Exception {
    pretendSources();
    pretendJars(); // newer than the sources
    Path target = home.resolve("jobs/target");

    assertThat(runWithMaven("touch " + quoted(target.resolve("built"))).stderr())
        .as("nothing to build")
        .doesNotContain("radial: building");

    Files.setLastModifiedTime(
        home.resolve("udfs/src/main"), FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(runWithMaven("kill -9 $PPID; sleep 1").status()).as("interrupted").isNotZero();
    Files.setLastModifiedTime(home.resolve("udfs/src/main"), FileTime.from(Instant.EPOCH));
    Result again = runWithMaven("touch " + quoted(target.resolve("built")));

    assertThat(again.stderr()).contains("radial: building");
    assertThat(target.resolve("built")).exists();
    assertThat(runWithMaven("exit 1").stderr())
        .as("this build came to its end")
        .doesNotContain("radial: building");
  }

  @Test
  void classesComeFromAnArchiveThatTheFirstRunMakes() throws Exception {
    linkJars();
    link(home.resolve("data-samples"), ROOT.resolve("data-samples"));
    Path loaded = elsewhere.resolve("loaded");
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            JAVA_HOME,
            "PATH",
            PATH,
            "RADIAL_JAVA_OPTS",
            "-Xlog:class+load:file=" + loaded);

    Result first = runAndSayWhatIsWrong(environment);
    assertThat(first.stderr()).contains("radial: preparing faster starts, once a build");
    Result second = runAndSayWhatIsWrong(environment);

    assertThat(second.stderr()).startsWith("radial: Cannot ").hasLineCount(1);
    assertThat(second.status()).isEqualTo(first.status()).isEqualTo(2);
    // JDK 17 takes none from jars whose path has a blank, only the JDK's own.
    String one = ROOT.toString().contains(" ") ? "" : "io.radialnet.jobs.profile.ProfileJob ";
    assertThat(Files.readString(loaded)).contains(one + "source: shared objects file (top)");
    assertThat(archives()).hasSize(1);
  }

  @Test
  void runsWithoutAnArchiveWhereNoneCanBeMade() throws Exception {
    linkJars();
    link(home.resolve("data-samples"), ROOT.resolve("data-samples"));
    Path jdk = Files.createDirectories(directory.resolve("jdk/bin")).getParent();
    Files.copy(Path.of(JAVA_HOME, "release"), jdk.resolve("release"));
    script(
        jdk.resolve("bin/java"),
        "case \"$*\" in *ArchiveClassesAtExit*) exit 1 ;; esac; exec '"
            + Path.of(JAVA_HOME, "bin/java")
            + "' \"$@\"");
    Map<String, String> environment = Map.of("JAVA_HOME", jdk.toString(), "PATH", PATH);

    Result first = runAndSayWhatIsWrong(environment);
    Result second = runAndSayWhatIsWrong(environment);

    assertThat(first.stderr()).contains("radial: preparing faster starts", "radial: Cannot ");
    assertThat(second.stderr()).as("not tried again").doesNotContain("preparing");
    assertThat(second.status()).isEqualTo(first.status()).isEqualTo(2);
    assertThat(archives()).singleElement().satisfies(file -> assertThat(file).isEmptyFile());
  }

  /** A profile of a model that is not there: Spark has started by then. */
  private Result runAndSayWhatIsWrong(Map<String, String> environment) throws Exception {
    return run(
        environment, home.resolve("radial"), "profile", "--model=m", "--corpus=c", "--out=o");
  }

  /** What the launcher keeps of a JVM's classes; nothing else is left of making it. */
  private List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("jobs/target"))) {
      return files
          .filter(file -> !file.endsWith("spark") && !file.endsWith(JAR.getFileName()))
          .toList();
    }
  }

  private static String quoted(Path path) {
    return "'" + path + "'";
  }

  private void pretendSources() throws IOException {
    Files.createDirectories(home.resolve("udfs/src/main"));
    Files.createDirectories(home.resolve("jobs/src/main"));
    for (String pom : List.of("pom.xml", "udfs/pom.xml", "jobs/pom.xml")) {
      Files.writeString(home.resolve(pom), "<project/>");
    }
  }

  /** With a script in the place of Maven. */
  private Result runWithMaven(String body) throws Exception {
    Path tools = Files.createDirectories(directory.resolve("tools"));
    script(tools.resolve("mvn"), body);
    return run(
        Map.of("JAVA_HOME", JAVA_HOME, "PATH", tools + ":" + PATH),
        home.resolve("radial"),
        "--help");
  }

  @Test
  void handsACommandToSparkSubmit() throws Exception {
    pretendJars();
    Path bin = Files.createDirectories(directory.resolve("my spark/bin"));
    script(bin.resolve("spark-submit"), "printf '%s\\n' \"$@\"");

    Result result =
        run(
            Map.of("JAVA_HOME", JAVA_HOME, "PATH", PATH, "SPARK_HOME", bin.getParent().toString()),
            home.resolve("radial"),
            "submit",
            "--master",
            "spark://host:7077",
            "--",
            "profile",
            "--corpus",
            "my texts");

    assertThat(result.stdout().lines())
        .containsExactly(
            "--master",
            "spark://host:7077",
            "--class",
            "io.radialnet.jobs.cli.Radial",
            home.toRealPath().resolve("jobs/target").resolve(JAR.getFileName()).toString(),
            "profile",
            "--corpus",
            "my texts");
  }

  @Test
  void saysThatThereIsNoSparkSubmit() throws Exception {
    pretendJars();
    Map<String, String> environment = Map.of("JAVA_HOME", JAVA_HOME, "PATH", pathWithoutJava());

    Result result = run(environment, home.resolve("radial"), "submit", "--", "doctor");
    assertThat(result.stderr()).startsWith("radial: No spark-submit: SPARK_HOME is not set");
    assertThat(result.status()).isEqualTo(2);

    Result incomplete = run(environment, home.resolve("radial"), "submit", "doctor");
    assertThat(incomplete.stderr()).startsWith("radial: submit needs '-- COMMAND [options]'");
    assertThat(incomplete.status()).isEqualTo(2);
  }

  private void linkJars() throws IOException {
    link(home.resolve("jobs/target").resolve(JAR.getFileName()), JAR);
    link(
        home.resolve("jobs/target/spark/jars"),
        Path.of(System.getProperty("radial.sparkHome"), "jars"));
  }

  /** Enough for the launcher to believe that it is built. */
  private void pretendJars() throws IOException {
    Files.createFile(home.resolve("jobs/target").resolve(JAR.getFileName()));
    Files.createDirectory(home.resolve("jobs/target/spark/jars"));
  }

  private Path link(Path link, Path target) throws IOException {
    links.add(Files.createSymbolicLink(link, target));
    return link;
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** A PATH with what the launcher needs of a Unix, and nothing else. */
  private String pathWithoutJava() throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    for (String tool :
        List.of("bash", "env", "dirname", "readlink", "grep", "find", "awk", "mktemp", "rm")) {
      Path program =
          Stream.of(PATH.split(":"))
              .map(folder -> Path.of(folder, tool))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      script(bin.resolve(tool), "exec " + program + " \"$@\"");
    }
    return bin.toString();
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Result run(Map<String, String> environment, Path launcher, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(args));
    Path stdout = directory.resolve("stdout");
    Path stderr = directory.resolve("stderr");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(elsewhere.toFile())
            .redirectOutput(stdout.toFile())
            .redirectError(stderr.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("HOME", System.getProperty("user.home"));
    int status = builder.start().waitFor();
    return new Result(
        status,
        Files.readString(stdout, StandardCharsets.UTF_8),
        Files.readString(stderr, StandardCharsets.UTF_8));
  }

  private record Result(int status, String stdout, String stderr) {}
}
