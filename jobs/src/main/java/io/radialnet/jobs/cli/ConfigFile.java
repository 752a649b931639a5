package io.radialnet.jobs.cli;

import io.radialnet.error.UserException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options from the file that {@code --config} names: Java properties in UTF-8, whose keys are the
 * long options without dashes. They stand in for defaults, so flags win.
 */
final class ConfigFile implements IDefaultValueProvider {

  private static final Set<String> FLAGS_ONLY = Set.of("config", "help", "version");

  private Properties values = new Properties();

  /**
   * Reads the file that {@code args} name, if they do, for the command that they name.
   *
   * @throws UserException if it cannot be read, or has a key that is no option of the command
   */
  void load(CommandLine radial, List<String> args) {
    Optional<String> file = file(args);
    Optional<CommandLine> command =
        args.stream().map(radial.getSubcommands()::get).filter(Objects::nonNull).findFirst();
    if (file.isPresent() && command.isPresent()) { // else the parser will say what is missing
      values = read(file.get());
      checkKeys(file.get(), keysOf(command.get().getCommandSpec()));
    }
  }

  private static Optional<String> file(List<String> args) {
    Optional<String> file = Optional.empty();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (arg.startsWith(CommonOptions.CONFIG + "=")) {
        file = Optional.of(arg.substring(CommonOptions.CONFIG.length() + 1));
      } else if (arg.equals(CommonOptions.CONFIG) && i + 1 < args.size()) {
        file = Optional.of(args.get(i + 1));
      }
    }
    return file;
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    if (argument instanceof OptionSpec option) {
      return values.getProperty(key(option), option.defaultValue());
    }
    return argument.defaultValue();
  }

  private static Properties read(String name) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(name), StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw UserException.of(
          "Cannot read " + CommonOptions.CONFIG + " " + name,
          Files.exists(Path.of(name)) ? e.toString() : "there is no such file",
          "Name a file of lines such as batch-tokens=2048",
          e);
    }
    return properties;
  }

  private void checkKeys(String name, Set<String> known) {
    List<String> problems = new ArrayList<>();
    for (String key : new TreeSet<>(values.stringPropertyNames())) {
      if (!known.contains(key)) {
        problems.add(
            "'"
                + key
                + "' is no option"
                + Nearest.to(key, known).map(nearest -> " (nearest: " + nearest + ")").orElse(""));
      }
    }
    if (!problems.isEmpty()) {
      throw UserException.of(
          "Cannot use " + CommonOptions.CONFIG + " " + name,
          String.join("; ", problems),
          "Keys are the long options without dashes");
    }
  }

  private static Set<String> keysOf(CommandSpec command) {
    Set<String> keys = new TreeSet<>();
    command.options().forEach(option -> keys.add(key(option)));
    keys.removeAll(FLAGS_ONLY);
    return keys;
  }

  private static String key(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }
}
