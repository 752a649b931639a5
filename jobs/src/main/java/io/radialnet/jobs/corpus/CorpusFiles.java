package io.radialnet.jobs.corpus;

import io.radialnet.error.UserException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files behind the paths of a corpus, in corpus order, and the root that their names are
 * relative to: the directory given; the directory of the file given; of a glob the part before its
 * first wildcard; of several paths their deepest common directory.
 *
 * @param root the corpus root
 * @param files every file that is not hidden, by relative path
 * @param deltaTable the Delta table that the paths name, if they name one
 */
record CorpusFiles(Path root, List<CorpusFile> files, Optional<Path> deltaTable) {

  private static final String GLOB_CHARACTERS = "*?[]{}\\";

  /**
   * Lists the files.
   *
   * @throws UserException when nothing is there, or it cannot be listed
   */
  static CorpusFiles list(Configuration conf, CorpusOptions options) {
    try {
      return new CorpusFiles.Lister(conf, options).list();
    } catch (IOException | IllegalArgumentException e) {
      throw UserException.of(
          options.problem(), message(e), "Check the path, its file system and its permissions", e);
    }
  }

  /** Size of all files. */
  long bytes() {
    return files.stream().mapToLong(CorpusFile::bytes).sum();
  }

  /** The name of a path below a root, or the whole path when it lies elsewhere. */
  static String relative(Path root, Path path) {
    String rootName = root.toUri().getPath();
    String prefix = rootName.endsWith("/") ? rootName : rootName + "/";
    String name = path.toUri().getPath();
    return name.startsWith(prefix) ? name.substring(prefix.length()) : path.toString();
  }

  /** A path as Spark takes it: with its wildcards escaped. */
  static String escapeGlob(String path) {
    return path.replaceAll("[*?\\[\\]{}\\\\]", "\\\\$0");
  }

  private static String message(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** One listing: the options and what they lead to. */
  private static final class Lister {
    private final Configuration conf;
    private final CorpusOptions options;
    private final List<Path> roots = new ArrayList<>();
    private final List<Path> deltaTables = new ArrayList<>();
    private final Map<Path, Long> bytesByPath = new LinkedHashMap<>();

    Lister(Configuration conf, CorpusOptions options) {
      this.conf = conf;
      this.options = options;
    }

    CorpusFiles list() throws IOException {
      for (String path : options.paths()) {
        add(new Path(path));
      }
      Path root = commonRoot();
      Optional<Path> deltaTable = onlyDeltaTable();
      TreeMap<String, CorpusFile> byName = new TreeMap<>(Comparator.naturalOrder());
      bytesByPath.forEach(
          (path, bytes) -> {
            String file = relative(root, path);
            byName.put(file, new CorpusFile(path.toString(), file, bytes));
          });
      return new CorpusFiles(root, List.copyOf(byName.values()), deltaTable);
    }

    private void add(Path given) throws IOException {
      FileSystem fileSystem = given.getFileSystem(conf);
      Path path = fileSystem.makeQualified(given);
      if (fileSystem.exists(path)) { // first as it stands: brackets are usual in file names
        FileStatus status = fileSystem.getFileStatus(path);
        roots.add(status.isDirectory() ? path : path.getParent());
        addMatch(fileSystem, status);
        return;
      }
      FileStatus[] matches = fileSystem.globStatus(path);
      if (matches == null || matches.length == 0) {
        throw UserException.of(
            options.problem(),
            (isGlob(given) ? "no file matches " : "there is no ") + given,
            "Name a file, a directory or a glob that exists");
      }
      roots.add(beforeWildcard(path));
      for (FileStatus match : matches) {
        addMatch(fileSystem, match);
      }
    }

    private void addMatch(FileSystem fileSystem, FileStatus match) throws IOException {
      if (!match.isDirectory()) {
        bytesByPath.put(match.getPath(), match.getLen());
      } else if (fileSystem.exists(new Path(match.getPath(), "_delta_log"))) {
        deltaTables.add(match.getPath());
        addDirectory(fileSystem, match.getPath());
      } else {
        addDirectory(fileSystem, match.getPath());
      }
    }

    private void addDirectory(FileSystem fileSystem, Path directory) throws IOException {
      for (FileStatus status : fileSystem.listStatus(directory)) {
        if (isHidden(status.getPath().getName())) {
          continue;
        }
        if (status.isDirectory()) {
          addDirectory(fileSystem, status.getPath());
        } else {
          bytesByPath.put(status.getPath(), status.getLen());
        }
      }
    }

    private Optional<Path> onlyDeltaTable() {
      if (deltaTables.isEmpty()) {
        return Optional.empty();
      }
      if (deltaTables.size() > 1 || roots.size() > 1) {
        throw UserException.of(
            options.problem(),
            deltaTables.get(0) + " is a Delta table, and there are further paths beside it",
            "Name one Delta table");
      }
      return Optional.of(deltaTables.get(0));
    }

    private Path commonRoot() {
      Path common = roots.get(0);
      for (Path root : roots) {
        if (!sameFileSystem(common, root)) {
          throw UserException.of(
              options.problem(),
              common + " and " + root + " lie on different file systems",
              "Put the corpus on one file system");
        }
        while (!isAtOrBelow(root, common)) {
          common = common.getParent();
        }
      }
      return common;
    }

    private static boolean sameFileSystem(Path a, Path b) {
      return new Path(a, "/").equals(new Path(b, "/"));
    }

    private static boolean isAtOrBelow(Path path, Path ancestor) {
      for (Path at = path; at != null; at = at.getParent()) {
        if (at.equals(ancestor)) {
          return true;
        }
      }
      return false;
    }

    private static Path beforeWildcard(Path glob) {
      Path fixed = glob;
      for (Path at = glob; at != null; at = at.getParent()) {
        if (isGlob(at.getName())) {
          fixed = at.getParent();
        }
      }
      return fixed;
    }

    private static boolean isGlob(Path path) {
      return isGlob(path.toString());
    }

    private static boolean isGlob(String text) {
      return text.chars().anyMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0);
    }

    /** As Spark skips them; a partition directory may start with an underscore. */
    private static boolean isHidden(String name) {
      return name.startsWith(".")
          || (name.startsWith("_") && !name.contains("="))
          || name.endsWith("._COPYING_");
    }
  }
}
