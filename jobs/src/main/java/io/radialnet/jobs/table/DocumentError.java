package io.radialnet.jobs.table;

/**
 * A row of {@code errors}.
 *
 * @param docId the document's id, null where unknown
 * @param source file and line or row of the corpus
 * @param reason why the document could not be profiled
 */
public record DocumentError(String docId, String source, String reason) {}
