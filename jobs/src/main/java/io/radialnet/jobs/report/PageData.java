package io.radialnet.jobs.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.options.ReportOptions;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.provenance.Versions;
import io.radialnet.jobs.report.TokenView.Document;
import io.radialnet.jobs.report.TokenView.Token;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * All that the page shows as one JSON object: {@code about}, {@code runs}, {@code routers}, {@code
 * tables} (name to columns and rows), {@code documents}, {@code findings}, {@code claims}. Numbers
 * have six significant digits.
 */
final class PageData {

  private static final MathContext DIGITS = new MathContext(6);

  private PageData() {}

  static ObjectNode of(
      ReportOptions options,
      Statistics statistics,
      RouterStatistics routers,
      List<TokenView> views,
      Findings findings,
      List<Claim> claims) {
    ObjectNode data = RunManifest.newObject();
    data.putObject("about")
        .put("tables", options.tables())
        .put("written", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
        .put("version", Versions.all().get("radial"))
        .put("not_shown", statistics.notShown())
        .put("min_occurrences", Statistics.MIN_OCCURRENCES);
    ArrayNode runs = data.putArray("runs");
    statistics.runs().forEach(run -> addRun(runs.addObject(), run));
    data.put("routers_not_shown", routers.notShown());
    ArrayNode routerRuns = data.putArray("routers");
    routers.runs().forEach(run -> addRouters(routerRuns.addObject(), run));
    ObjectNode tables = data.putObject("tables");
    statistics.tables().values().forEach(rows -> addTable(tables, rows));
    routers.tables().forEach(rows -> addTable(tables, rows));
    ArrayNode documents = data.putArray("documents");
    views.forEach(view -> addView(documents.addObject(), view));
    ObjectNode sentences = data.putObject("findings");
    findings.sentences().forEach(sentences::put);
    ArrayNode all = data.putArray("claims");
    claims.forEach(claim -> addClaim(all.addObject(), claim));
    return data;
  }

  private static void addRun(ObjectNode json, ReportRun run) {
    json.put("id", run.id())
        .put("label", run.label())
        .put("main_block", run.mainBlock())
        .put("is_pool", run.isPool())
        .put("layers", run.layers());
    run.blocks().forEach(json.putArray("blocks")::add);
    run.tableBlocks().forEach(json.putArray("table_blocks")::add);
  }

  private static void addRouters(ObjectNode json, RouterRun run) {
    json.put("id", run.id()).put("label", run.label());
    run.learners().forEach(json.putArray("learners")::add);
    run.blocks().forEach(json.putArray("blocks")::add);
    run.slices().forEach(json.putArray("slices")::add);
  }

  private static void addTable(ObjectNode tables, Rows rows) {
    ObjectNode table = tables.putObject(rows.table().name());
    rows.columns().forEach(table.putArray("columns")::add);
    ArrayNode all = table.putArray("rows");
    for (Row row : rows.rows()) {
      ArrayNode values = all.addArray();
      for (int column = 0; column < row.size(); column++) {
        add(values, row.get(column));
      }
    }
  }

  private static void add(ArrayNode values, Object value) {
    if (value == null) {
      values.addNull();
    } else if (value instanceof Double number) {
      values.add(rounded(number));
    } else if (value instanceof Integer || value instanceof Long) {
      values.add(((Number) value).longValue());
    } else if (value instanceof Boolean flag) {
      values.add(flag);
    } else if (value instanceof scala.collection.Seq<?> several) {
      values.add(several.mkString(", "));
    } else {
      values.add(value.toString());
    }
  }

  private static BigDecimal rounded(double value) {
    return new BigDecimal(value).round(DIGITS).stripTrailingZeros();
  }

  private static void addView(ObjectNode json, TokenView view) {
    json.put("run", view.run().id()).put("note", view.note());
    view.document().ifPresent(document -> addDocument(json, document));
  }

  private static void addDocument(ObjectNode json, Document document) {
    json.put("doc_id", document.docId()).put("more", document.more());
    ArrayNode texts = json.putArray("texts");
    ArrayNode windows = json.putArray("windows");
    ArrayNode positions = json.putArray("positions");
    ArrayNode specials = json.putArray("specials");
    for (Token token : document.tokens()) {
      texts.add(token.text());
      windows.add(token.window());
      positions.add(token.position());
      specials.add(token.isSpecial());
    }
    ObjectNode ratios = json.putObject("ratios");
    document.ratios().forEach((block, tokens) -> addRatios(ratios.putArray(block), tokens));
  }

  private static void addRatios(ArrayNode json, List<List<Float>> tokens) {
    for (List<Float> layers : tokens) {
      ArrayNode values = json.addArray();
      for (float ratio : layers) {
        if (Float.isFinite(ratio)) {
          values.add(rounded(ratio));
        } else {
          values.addNull();
        }
      }
    }
  }

  private static void addClaim(ObjectNode json, Claim claim) {
    json.put("number", claim.number())
        .put("claim", claim.claim())
        .put("rule", claim.rule())
        .put("verdict", claim.verdict().toString())
        .put("summary", claim.summary());
    claim.tables().forEach(table -> json.withArray("tables").add(table.name()));
    ArrayNode parts = json.putArray("parts");
    for (Claim.Part part : claim.parts()) {
      parts
          .addObject()
          .put("of", part.of())
          .put("verdict", part.verdict().toString())
          .put("figures", part.figures());
    }
  }
}
