package io.radialnet.jobs.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A Zeppelin server of an installation's own, on this machine alone, spoken to over REST. */
final class ZeppelinServer implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration RUN = Duration.ofMinutes(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Places that Zeppelin would else have in its installation, or where all servers look. */
  private static final List<String> OWN =
      List.of(
          "CONF_DIR",
          "LOG_DIR",
          "PID_DIR",
          "NOTEBOOK_DIR",
          "WAR_TEMPDIR",
          "SEARCH_INDEX_PATH",
          "INTERPRETER_LOCALREPO");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final String api;
  private final Path logs;

  private ZeppelinServer(Process process, String api, Path logs) {
    this.process = process;
    this.api = api;
    this.logs = logs;
  }

  /** Starts a server whose settings, notes and logs are in {@code directory}. */
  static ZeppelinServer start(Path home, Path directory) throws IOException, InterruptedException {
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(home.resolve("bin/zeppelin.sh").toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("zeppelin.out").toFile());
    builder.environment().put("ZEPPELIN_HOME", home.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("ZEPPELIN_ADDR", "127.0.0.1");
    builder.environment().put("ZEPPELIN_PORT", Integer.toString(port));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    for (String name : OWN) {
      Path own = Files.createDirectories(directory.resolve(name));
      builder.environment().put("ZEPPELIN_" + name, own.toString());
    }
    copyLogSettings(home.resolve("conf"), directory.resolve("CONF_DIR"));
    String api = "http://127.0.0.1:" + port + "/api";
    ZeppelinServer server = new ZeppelinServer(builder.start(), api, directory.resolve("LOG_DIR"));
    server.awaitStart();
    return server;
  }

  /** Without them nothing is logged. */
  private static void copyLogSettings(Path from, Path to) throws IOException {
    for (String name : List.of("log4j.properties", "log4j2.properties")) {
      Files.copy(from.resolve(name), to.resolve(name));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void awaitStart() throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(START);
    while (process.isAlive() && Instant.now().isBefore(deadline)) {
      try {
        ask("GET", "/notebook", "");
        return;
      } catch (IOException e) {
        Thread.sleep(500);
      }
    }
    close();
    throw new AssertionError("Zeppelin did not start:\n" + log());
  }

  private String log() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(logs)) {
      for (Path file : files.sorted().toList()) {
        all.append(file).append('\n').append(Files.readString(file));
      }
    }
    return all.toString();
  }

  /** Adds to what the page <em>Interpreter</em> says of one, which then starts anew. */
  void setInterpreter(String name, Map<String, String> properties)
      throws IOException, InterruptedException {
    for (JsonNode setting : ask("GET", "/interpreter/setting", "")) {
      if (setting.path("name").asText().equals(name)) {
        ObjectNode all = (ObjectNode) setting.path("properties");
        properties.forEach(
            (key, value) ->
                all.putObject(key).put("name", key).put("value", value).put("type", "string"));
        ask("PUT", "/interpreter/setting/" + setting.path("id").asText(), setting.toString());
        return;
      }
    }
    throw new AssertionError("This Zeppelin has no interpreter " + name + ".");
  }

  /** Imports a note, runs all of it, and says which paragraphs have not FINISHED and why. */
  List<String> unfinished(Note note) throws IOException, InterruptedException {
    String id = ask("POST", "/notebook/import", note.pretty()).asText();
    ask("POST", "/notebook/job/" + id + "?blocking=true", "");
    List<String> unfinished = new ArrayList<>();
    for (JsonNode paragraph : ask("GET", "/notebook/" + id, "").path("paragraphs")) {
      if (!paragraph.path("status").asText().equals("FINISHED")) {
        unfinished.add(
            paragraph.path("id").asText()
                + " is "
                + paragraph.path("status").asText()
                + ": "
                + paragraph.path("results").path("msg"));
      }
    }
    ask("DELETE", "/notebook/" + id, "");
    return unfinished;
  }

  private JsonNode ask(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api + path))
            .timeout(RUN)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    var response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          method + " " + path + ": " + response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body()).path("body");
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.onExit().join();
  }
}
