/**
 * The pipeline of {@code report}: from the Delta tables of statistics to one HTML page.
 *
 * <p>Rows are collected ({@link io.radialnet.jobs.report.Statistics}, and of routers, where there
 * are any, {@link io.radialnet.jobs.report.RouterStatistics}), put into words ({@link
 * io.radialnet.jobs.report.Findings}) and held against the paper ({@link
 * io.radialnet.jobs.report.Claims}); the tokens of one document come from the profiles ({@link
 * io.radialnet.jobs.report.TokenView}). All of it is one JSON object ({@link
 * io.radialnet.jobs.report.PageData}), which the resources {@code page.html}, {@code page.css} and
 * {@code page.js} draw ({@link io.radialnet.jobs.report.Page}).
 *
 * <p>Texts and tokens are not trusted: they are in the JSON alone, where no character of theirs can
 * end it, and reach the page as text nodes. Only what is bounded by the models, and a document,
 * reaches the driver.
 *
 * <p>May use {@code options}, {@code table}, {@code progress}, {@code provenance}. Start reading at
 * {@link io.radialnet.jobs.report.ReportJob#run}.
 */
package io.radialnet.jobs.report;
