package io.radialnet.jobs.report;

import io.radialnet.error.UserException;
import io.radialnet.jobs.options.ReportOptions;
import io.radialnet.jobs.progress.StageClock;
import io.radialnet.jobs.table.TableSession;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** From tables of statistics to a page. */
public final class ReportJob {

  private final SparkSession spark;
  private final ReportOptions options;
  private final StageClock clock = new StageClock();

  private ReportJob(SparkSession spark, ReportOptions options) {
    this.spark = spark;
    this.options = options;
  }

  /**
   * Runs the job.
   *
   * @throws UserException for what the user can mend: see the messages
   */
  public static ReportResult run(SparkSession spark, ReportOptions options) {
    return new ReportJob(spark, options).run();
  }

  private ReportResult run() {
    PageFile file = PageFile.checked(options.out(), spark.sessionState().newHadoopConf());
    Statistics statistics = Statistics.read(TableSession.like(spark), options.tables());
    RouterStatistics routers = RouterStatistics.read(TableSession.like(spark), options.tables());
    clock.finished("tables");
    List<TokenView> views = TokenViews.read(spark, options, statistics.runs());
    clock.finished("tokens");
    Findings findings = Findings.of(statistics, views, routers);
    List<Claim> claims = Claims.of(statistics);
    byte[] page = Page.of(PageData.of(options, statistics, routers, views, findings, claims));
    file.write(page);
    clock.finished("page");
    return ReportResult.of(options, statistics, claims, page.length, clock);
  }
}
