package io.radialnet.jobs.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a note of this project holds, key by key. Zeppelin's own class takes nearly anything, and
 * shows nothing, or something else, for what it does not know.
 */
final class NoteFormat {

  private static final Set<String> NOTE =
      Set.of(
          "paragraphs",
          "name",
          "id",
          "defaultInterpreterGroup",
          "version",
          "noteParams",
          "noteForms",
          "angularObjects",
          "config",
          "info");
  private static final Set<String> PARAGRAPH =
      Set.of(
          "title",
          "text",
          "user",
          "dateUpdated",
          "progress",
          "config",
          "settings",
          "apps",
          "runtimeInfos",
          "progressUpdateIntervalMs",
          "jobName",
          "id",
          "dateCreated",
          "status");
  private static final Set<String> CONFIG =
      Set.of(
          "colWidth",
          "fontSize",
          "enabled",
          "title",
          "editorHide",
          "tableHide",
          "runOnSelectionChange",
          "editorMode",
          "editorSetting",
          "results");
  private static final Set<String> EDITOR =
      Set.of("language", "editOnDblClick", "completionKey", "completionSupport");
  private static final Set<String> GRAPH =
      Set.of(
          "mode", "height", "optionOpen", "setting", "commonSetting", "keys", "groups", "values");
  private static final Set<String> COLUMN = Set.of("name", "index", "aggr");
  private static final Set<String> TEXT_BOX =
      Set.of("type", "name", "displayName", "defaultValue", "hidden");

  private static final Map<String, String> LANGUAGES =
      Map.of("md", "markdown", "spark.sql", "sql", "spark", "scala", "spark.pyspark", "python");

  /** The settings of each chart; those of a pivot have keys and values beside. */
  private static final Map<String, Set<String>> PIVOTS =
      Map.of(
          "lineChart", Set.of("rotate", "xLabelStatus", "forceY"),
          "multiBarChart", Set.of("rotate", "xLabelStatus", "stacked"),
          "stackedAreaChart", Set.of("rotate", "xLabelStatus", "style"),
          "pieChart", Set.of());

  private static final Set<String> AXES = Set.of("xAxis", "yAxis", "group");
  private static final Set<String> AGGREGATIONS = Set.of("sum", "avg", "min", "max", "count");
  private static final String TIME = "\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}\\.\\d{3}";

  private final List<String> problems = new ArrayList<>();

  private NoteFormat() {}

  /** What is wrong with a note; empty when nothing is. */
  static List<String> problems(Note note) {
    NoteFormat format = new NoteFormat();
    format.checkNote(note.json());
    format.checkForms(note);
    return format.problems;
  }

  private void checkNote(JsonNode note) {
    requireKeys("note", note, NOTE);
    require("name", note.path("name").asText().matches("Radial/\\d\\d [A-Z].+"));
    require("id", note.path("id").asText().matches("2[A-Z0-9]{8}"));
    require("version", note.path("version").asText().equals("0.12.1"));
    require(
        "defaultInterpreterGroup", note.path("defaultInterpreterGroup").asText().equals("spark"));
    requireEmptyObjects("note", note, "noteParams", "noteForms", "angularObjects", "info");
    requireKeys("config", note.path("config"), Set.of("isZeppelinNotebookCronEnable"));
    Set<String> ids = new HashSet<>();
    for (JsonNode paragraph : note.path("paragraphs")) {
      require(
          "id " + paragraph.path("id") + " is there once", ids.add(paragraph.path("id").asText()));
      checkParagraph(paragraph.path("id").asText(), paragraph);
    }
    require("paragraphs", !ids.isEmpty());
  }

  private void checkParagraph(String id, JsonNode paragraph) {
    requireKeys(id, paragraph, PARAGRAPH);
    require(id + " matches paragraph_…", id.matches("paragraph_[A-Za-z0-9_]+"));
    require(id + ".jobName", paragraph.path("jobName").asText().equals(id));
    require(id + ".status", paragraph.path("status").asText().equals("READY"));
    require(id + ".progress", paragraph.path("progress").asInt(-1) == 0);
    require(id + ".user", paragraph.path("user").asText().equals("anonymous"));
    require(
        id + ".progressUpdateIntervalMs",
        paragraph.path("progressUpdateIntervalMs").asInt(-1) == 500);
    require(id + ".dateCreated", paragraph.path("dateCreated").asText().matches(TIME));
    require(id + ".dateUpdated", paragraph.path("dateUpdated").asText().matches(TIME));
    require(id + ".apps", paragraph.path("apps").isArray() && paragraph.path("apps").isEmpty());
    requireEmptyObjects(id, paragraph, "runtimeInfos");
    requireKeys(id + ".settings", paragraph.path("settings"), Set.of("params", "forms"));
    checkConfig(id, paragraph);
    JsonNode results = paragraph.path("config").path("results");
    if (!results.isEmpty()) {
      requireKeys(id + ".results", results, Set.of("0"));
      requireKeys(id + ".results.0", results.path("0"), Set.of("graph", "helium"));
      requireEmptyObjects(id + ".results.0", results.path("0"), "helium");
      require(
          id + " has a chart, but is text", !Paragraph.of(paragraph).interpreter().equals("md"));
      checkGraph(id + ".graph", results.path("0").path("graph"));
    }
  }

  private void checkConfig(String id, JsonNode paragraph) {
    String interpreter = Paragraph.of(paragraph).interpreter();
    String language = LANGUAGES.getOrDefault(interpreter, "");
    require(id + " begins with %md, %spark.sql, %spark or %spark.pyspark", !language.isEmpty());
    JsonNode config = paragraph.path("config");
    requireKeys(id + ".config", config, CONFIG);
    double width = config.path("colWidth").asDouble();
    require(id + ".colWidth", width >= 1 && width <= 12 && width == Math.rint(width));
    require(id + ".enabled", config.path("enabled").asBoolean());
    require(
        id + ".title",
        config.path("title").asBoolean() != paragraph.path("title").asText().isBlank());
    require(id + ".editorMode", config.path("editorMode").asText().equals("ace/mode/" + language));
    require(id + ".editorHide", config.path("editorHide").asBoolean() == interpreter.equals("md"));
    requireKeys(id + ".editorSetting", config.path("editorSetting"), EDITOR);
    require(
        id + ".editorSetting.language",
        config.path("editorSetting").path("language").asText().equals(language));
  }

  private void checkGraph(String id, JsonNode graph) {
    requireKeys(id, graph, GRAPH);
    requireEmptyObjects(id, graph, "commonSetting");
    require(id + ".height", graph.path("height").asInt() >= 100);
    for (String columns : List.of("keys", "groups", "values")) {
      graph.path(columns).forEach(column -> checkColumn(id + "." + columns, column));
    }
    String mode = graph.path("mode").asText();
    JsonNode setting = graph.path("setting");
    boolean pivot = PIVOTS.containsKey(mode);
    require(
        id + " has keys and values where it pivots",
        pivot == !graph.path("keys").isEmpty() && pivot == !graph.path("values").isEmpty());
    if (pivot) {
      requireKeys(id + ".setting", setting, Set.of(mode));
      requireKeys(id + ".setting." + mode, setting.path(mode), PIVOTS.get(mode));
    } else if (mode.equals("scatterChart")) {
      requireKeys(id + ".setting", setting, Set.of(mode));
      requireKeys(id + ".setting." + mode, setting.path(mode), AXES);
      setting.path(mode).forEach(axis -> checkColumn(id + ".axes", axis));
    } else {
      require(id + ".mode is known", mode.equals("table"));
      requireEmptyObjects(id, graph, "setting");
    }
  }

  private void checkColumn(String id, JsonNode column) {
    requireKeys(id, column, COLUMN);
    require(id + ".aggr", AGGREGATIONS.contains(column.path("aggr").asText()));
    require(id + ".index", column.path("index").isNumber());
  }

  /**
   * The forms are those that the paragraph's code asks for, with the same defaults, and in the
   * first paragraph only. An import keeps them, so that they are there before anything has run; it
   * drops those of the whole note.
   */
  private void checkForms(Note note) {
    List<Paragraph> paragraphs = note.paragraphs();
    for (int i = 0; i < paragraphs.size(); i++) {
      Paragraph paragraph = paragraphs.get(i);
      String id = paragraph.id();
      Map<String, String> asked = new HashMap<>();
      for (Form form : Form.of(paragraph.code())) {
        require(id + ": only the first paragraph has forms", i == 0);
        String first = asked.putIfAbsent(form.name(), form.defaultValue());
        require(id + ": " + form, first == null || first.equals(form.defaultValue()));
      }
      require(id + ": ${ begins a form", !Form.without(paragraph.code()).contains("${"));
      checkSettings(id, note.json().path("paragraphs").get(i).path("settings"), asked);
    }
  }

  private void checkSettings(String id, JsonNode settings, Map<String, String> asked) {
    requireKeys(id + ".forms", settings.path("forms"), asked.keySet());
    requireKeys(id + ".params", settings.path("params"), asked.keySet());
    asked.forEach(
        (name, value) -> {
          JsonNode form = settings.path("forms").path(name);
          String where = id + ".forms." + name;
          requireKeys(where, form, TEXT_BOX);
          require(where + ".type", form.path("type").asText().equals("TextBox"));
          require(where + ".name", form.path("name").asText().equals(name));
          require(where + ".defaultValue", form.path("defaultValue").asText().equals(value));
          require(
              id + ".params." + name, settings.path("params").path(name).asText().equals(value));
        });
  }

  private void requireKeys(String where, JsonNode object, Set<String> keys) {
    Set<String> found = new TreeSet<>();
    object.fieldNames().forEachRemaining(found::add);
    if (!object.isObject() || !found.equals(keys)) {
      problems.add(where + " has " + found + ", expected " + new TreeSet<>(keys));
    }
  }

  private void requireEmptyObjects(String where, JsonNode object, String... names) {
    for (String name : names) {
      require(
          where + "." + name + " is {}",
          object.path(name).isObject() && object.path(name).isEmpty());
    }
  }

  private void require(String what, boolean holds) {
    if (!holds) {
      problems.add("not so: " + what);
    }
  }
}
