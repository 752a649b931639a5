package io.radialnet.jobs.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

/** A Zeppelin server of an installation's own, on this machine alone, spoken to over REST. */
final class ZeppelinServer implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration RUN = Duration.ofMinutes(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final URI notebooks;
  private final Path log;

  private ZeppelinServer(Process process, URI notebooks, Path log) {
    this.process = process;
    this.notebooks = notebooks;
    this.log = log;
  }

  /**
   * Starts a server whose settings, notes and logs are in {@code directory}.
   *
   * @param environment added to what it gets here, SPARK_HOME among it
   */
  static ZeppelinServer start(Path home, Path directory, Map<String, String> environment)
      throws IOException, InterruptedException {
    int port = freePort();
    Path log = directory.resolve("zeppelin.log");
    ProcessBuilder builder =
        new ProcessBuilder(home.resolve("bin/zeppelin.sh").toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("ZEPPELIN_ADDR", "127.0.0.1");
    builder.environment().put("ZEPPELIN_PORT", Integer.toString(port));
    for (String name : List.of("CONF_DIR", "LOG_DIR", "PID_DIR", "NOTEBOOK_DIR", "WAR_TEMPDIR")) {
      Path own = Files.createDirectories(directory.resolve(name));
      builder.environment().put("ZEPPELIN_" + name, own.toString());
    }
    builder.environment().putAll(environment);
    URI notebooks = URI.create("http://127.0.0.1:" + port + "/api/notebook");
    ZeppelinServer server = new ZeppelinServer(builder.start(), notebooks, log);
    server.awaitStart();
    return server;
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
        ask("GET", "", "");
        return;
      } catch (IOException e) {
        Thread.sleep(500);
      }
    }
    close();
    throw new AssertionError("Zeppelin did not start:\n" + Files.readString(log));
  }

  /** Imports a note, runs all of it, and says which paragraphs have not FINISHED and why. */
  List<String> unfinished(Note note) throws IOException, InterruptedException {
    String id = ask("POST", "/import", note.pretty()).asText();
    ask("POST", "/job/" + id + "?blocking=true", "{}");
    List<String> unfinished = new ArrayList<>();
    for (JsonNode paragraph : ask("GET", "/" + id, "").path("paragraphs")) {
      if (!paragraph.path("status").asText().equals("FINISHED")) {
        unfinished.add(
            paragraph.path("id").asText()
                + " is "
                + paragraph.path("status").asText()
                + ": "
                + paragraph.path("results").path("msg"));
      }
    }
    return unfinished;
  }

  private JsonNode ask(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(notebooks + path))
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
