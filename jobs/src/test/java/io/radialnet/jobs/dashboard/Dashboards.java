package io.radialnet.jobs.dashboard;

import io.radialnet.jobs.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of {@code conf/dashboards}. */
final class Dashboards {

  private static final Path DIRECTORY = Path.of("../conf/dashboards").toAbsolutePath();

  private Dashboards() {}

  /** The files of the views that people look at. */
  static List<Path> views() {
    try (Stream<Path> files = Files.list(DIRECTORY.resolve("views"))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The name of a view. */
  static String name(Path view) {
    return view.getFileName().toString().replaceFirst("\\.sql$", "");
  }

  /** What one engine runs: its tables from {@code script}, then all views. */
  static List<String> statements(String script, Path tables) {
    return Stream.concat(
            Stream.of(DIRECTORY.resolve(script), DIRECTORY.resolve("latest_run.sql")),
            views().stream())
        .map(Samples::read)
        .map(text -> text.replace("${tables}", tables.toString()))
        .flatMap(text -> statements(text).stream())
        .toList();
  }

  private static List<String> statements(String script) {
    String code =
        script
            .lines()
            .filter(line -> !line.stripLeading().startsWith("--"))
            .collect(Collectors.joining("\n"));
    return Arrays.stream(code.split(";", -1)).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }
}
