package io.radialnet.jobs.routerfit;

import io.radialnet.jobs.interval.Interval;
import io.radialnet.jobs.table.RouterQualityTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Measures the predictors of one router on its splits validation and test, exactly and in one task:
 * it holds two numbers a predictor and example. Serialized to executors.
 */
final class MeasureTask implements FlatMapFunction<Iterator<Row>, RouterMeasures> {

  private static final long serialVersionUID = 1L;

  /** Columns before those of the predictors. */
  private static final List<String> KEYS = List.of("document", "slice", "split", "label", "weight");

  private static final List<String> SPLITS = List.of("validation", "test");
  private static final String BASE_RATE = RouterQualityTable.BASE_RATE;
  private static final String PREVIOUS = RouterQualityTable.PREVIOUS_RATIO;

  private final ArrayList<Predictor> predictors;
  private final String sliceBy;
  private final ArrayList<String> slices;
  private final ArrayList<Double> shares;
  private final DocumentBootstrap bootstrap;

  /**
   * @param predictors the baseline previous_ratio among them
   * @param sliceBy the column that slices are values of
   * @param slices those that figures are told of
   * @param shares target shares of tokens that skip
   */
  MeasureTask(
      List<Predictor> predictors,
      String sliceBy,
      List<String> slices,
      List<Double> shares,
      DocumentBootstrap bootstrap) {
    this.predictors = new ArrayList<>(predictors);
    this.sliceBy = sliceBy;
    this.slices = new ArrayList<>(slices);
    this.shares = new ArrayList<>(shares);
    this.bootstrap = bootstrap;
  }

  /** The column of a predictor's uncalibrated score. */
  static String scoreColumn(int predictor) {
    return "score_" + predictor;
  }

  /** The column of a predictor's calibrated probability. */
  static String calibratedColumn(int predictor) {
    return "calibrated_" + predictor;
  }

  /** Measures rows that have all predictors' columns. */
  RouterMeasures measure(Dataset<Row> scored) {
    List<Column> columns = new ArrayList<>(KEYS.stream().map(functions::col).toList());
    for (int i = 0; i < predictors.size(); i++) {
      columns.add(functions.col(scoreColumn(i)));
      columns.add(functions.col(calibratedColumn(i)));
    }
    return scored
        .select(columns.toArray(new Column[0]))
        .repartition(1)
        .toJavaRDD()
        .mapPartitions(this)
        .first();
  }

  @Override
  public Iterator<RouterMeasures> call(Iterator<Row> rows) {
    Columns columns = new Columns(predictors.size());
    rows.forEachRemaining(columns::add);
    columns.trim();
    List<Quality> qualities = new ArrayList<>();
    for (String split : SPLITS) {
      qualities.addAll(measure(columns, split, RouterQualityTable.ALL, columns.of(split, null)));
      for (String slice : slices) {
        int[] ofSlice = columns.of(split, slice);
        qualities.addAll(measure(columns, split, sliceName(slice), ofSlice));
      }
    }
    return List.of(new RouterMeasures(qualities, thresholds(columns))).iterator();
  }

  private String sliceName(String slice) {
    return sliceBy + "=" + slice;
  }

  /** All predictors on one split of one slice; those of a transfer on single slices of test. */
  private List<Quality> measure(Columns columns, String split, String slice, int[] rows) {
    if (rows.length == 0) {
      return List.of();
    }
    Observations observations =
        Observations.of(columns.labels, columns.weights, columns.documents, rows);
    boolean isTransferTest = split.equals("test") && !slice.equals(RouterQualityTable.ALL);
    Ranked previous =
        ranked(observations, columns, predictors.indexOf(Predictor.of(PREVIOUS)), rows);
    List<Quality> qualities = new ArrayList<>();
    for (int i = 0; i < predictors.size(); i++) {
      Predictor predictor = predictors.get(i);
      if (predictor.fittedOn() == null || isTransferTest) {
        String name =
            predictor.fittedOn() == null
                ? slice
                : sliceName(predictor.fittedOn()) + RouterQualityTable.TRANSFER + slice;
        Ranked ranked = ranked(observations, columns, i, rows);
        Reliability reliability = Reliability.of(observations, picked(columns.calibrated[i], rows));
        qualities.add(quality(predictor, split, name, observations, ranked, previous, reliability));
      }
    }
    return qualities;
  }

  /**
   * A predictor's ranking.
   *
   * @param aucs of resamples
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Ranked(Ranking ranking, double auc, double[] aucs) {}

  private Ranked ranked(Observations observations, Columns columns, int predictor, int[] rows) {
    Ranking ranking = new Ranking(observations, picked(columns.scores[predictor], rows));
    double[] aucs = bootstrap.resampled(observations.groupCount(), ranking::auc);
    return new Ranked(ranking, ranking.auc(), aucs);
  }

  private static Quality quality(
      Predictor predictor,
      String split,
      String slice,
      Observations observations,
      Ranked ranked,
      Ranked previous,
      Reliability reliability) {
    boolean isBaseline =
        predictor.learner().equals(PREVIOUS) || predictor.learner().equals(BASE_RATE);
    double gain = isBaseline ? Double.NaN : ranked.auc() - previous.auc();
    return new Quality(
        predictor.learner(),
        split,
        slice,
        ranked.auc(),
        interval(ranked.aucs(), observations, ranked.auc()),
        ranked.ranking().averagePrecision(),
        gain,
        isBaseline
            ? Interval.NONE
            : interval(differences(ranked.aucs(), previous.aucs()), observations, gain),
        reliability,
        observations.baseRate(),
        observations.count(),
        observations.documents());
  }

  private static Interval interval(double[] figures, Observations observations, double value) {
    return Double.isNaN(value)
        ? Interval.NONE
        : Interval.ofResamples(figures, observations.groupCount()).holding(value);
  }

  private static double[] differences(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
  }

  private Map<String, SkipThresholds> thresholds(Columns columns) {
    int[] validation = columns.of("validation", null);
    Map<String, SkipThresholds> thresholds = new LinkedHashMap<>();
    for (int i = 0; i < predictors.size() && validation.length > 0; i++) {
      if (predictors.get(i).fittedOn() == null) {
        thresholds.put(
            predictors.get(i).learner(),
            SkipThresholds.of(
                picked(columns.calibrated[i], validation),
                picked(columns.weights, validation),
                shares));
      }
    }
    return thresholds;
  }

  private static double[] picked(double[] column, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> column[row]).toArray();
  }

  /** The rows column by column. */
  private static final class Columns {
    private static final int INITIAL = 1024;

    private int count;
    private long[] documents = new long[INITIAL];
    private String[] rowSlices = new String[INITIAL];
    private boolean[] inTest = new boolean[INITIAL];
    private boolean[] labels = new boolean[INITIAL];
    private double[] weights = new double[INITIAL];
    private final double[][] scores;
    private final double[][] calibrated;
    private final Map<String, String> interned = new LinkedHashMap<>();

    Columns(int predictors) {
      scores = new double[predictors][INITIAL];
      calibrated = new double[predictors][INITIAL];
    }

    void add(Row row) {
      if (count == documents.length) {
        resize(2 * count);
      }
      documents[count] = row.getLong(0);
      rowSlices[count] =
          row.isNullAt(1) ? null : interned.computeIfAbsent(row.getString(1), s -> s);
      inTest[count] = row.getString(2).equals("test");
      labels[count] = row.getDouble(3) > 0;
      weights[count] = row.getDouble(4);
      for (int i = 0; i < scores.length; i++) {
        scores[i][count] = row.getDouble(KEYS.size() + 2 * i);
        calibrated[i][count] = row.getDouble(KEYS.size() + 2 * i + 1);
      }
      count++;
    }

    void trim() {
      resize(count);
    }

    private void resize(int length) {
      documents = Arrays.copyOf(documents, length);
      rowSlices = Arrays.copyOf(rowSlices, length);
      inTest = Arrays.copyOf(inTest, length);
      labels = Arrays.copyOf(labels, length);
      weights = Arrays.copyOf(weights, length);
      for (int i = 0; i < scores.length; i++) {
        scores[i] = Arrays.copyOf(scores[i], length);
        calibrated[i] = Arrays.copyOf(calibrated[i], length);
      }
    }

    /**
     * The rows of a split.
     *
     * @param slice null: of all slices
     */
    int[] of(String split, String slice) {
      boolean test = split.equals("test");
      return IntStream.range(0, count)
          .filter(row -> inTest[row] == test && (slice == null || slice.equals(rowSlices[row])))
          .toArray();
    }
  }
}
