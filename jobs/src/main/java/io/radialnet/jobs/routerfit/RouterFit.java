package io.radialnet.jobs.routerfit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.radialnet.jobs.options.FitRoutersOptions;
import io.radialnet.jobs.options.Learner;
import io.radialnet.jobs.table.RouterQualityTable;
import io.radialnet.router.RouterName;
import io.radialnet.router.RouterWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.regression.IsotonicRegressionModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Fits all learners of one router, measures and saves them. Its examples are read once and held as
 * one vector each while it runs.
 */
final class RouterFit {

  private static final long ROWS_OF_A_PARTITION = 50_000;

  private final RouterName name;
  private final Survey survey;
  private final Survey.Counts counts;
  private final Examples examples;
  private final Dataset<Row> grouped;
  private final FitRoutersOptions options;
  private final RouterOutput output;
  private final Features features;
  private final MeasureInput measured = new MeasureInput();

  RouterFit(
      RouterName name,
      Survey survey,
      Examples examples,
      GroupedExamples grouped,
      FitRoutersOptions options,
      RouterOutput output) {
    this.name = name;
    this.survey = survey;
    this.counts = survey.routers().get(name);
    this.examples = examples;
    this.grouped = grouped.of(name);
    this.options = options;
    this.output = output;
    this.features =
        new Features(examples.manifest().features().projection(), examples.previousRatios(name));
  }

  /** Runs it. */
  FittedRouter run() {
    long start = System.nanoTime();
    Dataset<Row> rows = vectors().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      measured.begin(rows.where("split <> 'train'"));
      List<FittedClassifier> fitted = counts.isConstant() ? List.of() : fitAll(rows);
      List<Importance> importances = importances(fitted, rows);
      addBaselines(rows);
      RouterMeasures measures = measured.measure();
      save(fitted);
      return new FittedRouter(
          name,
          counts,
          counts.isConstant() ? Optional.of(counts.constantReason()) : Optional.empty(),
          fitted.stream().map(one -> told(one, measures)).toList(),
          measures,
          importances,
          (System.nanoTime() - start) / 1e9);
    } finally {
      rows.unpersist();
    }
  }

  /** The examples with features as one vector, in few partitions: every step is a job on them. */
  private Dataset<Row> vectors() {
    Dataset<Row> rows = grouped.withColumn("previous", expr(features.previousScore()));
    for (Transformer stage : features.stages()) {
      rows = stage.transform(rows);
    }
    int partitions = (int) Math.ceil((double) counts.examples() / ROWS_OF_A_PARTITION);
    return rows.select(
            "document",
            "draw",
            "slice",
            "split",
            "fold",
            "label",
            "weight",
            "previous",
            Features.FEATURES)
        .coalesce(partitions);
  }

  private List<FittedClassifier> fitAll(Dataset<Row> rows) {
    Dataset<Row> train = rows.where("split = 'train'");
    Dataset<Row> validation = rows.where("split = 'validation'");
    List<FittedClassifier> all = new ArrayList<>();
    for (Learner learner : options.learners()) {
      ClassifierFit fit =
          new ClassifierFit(RouterLearner.of(learner, options, features.count()), options);
      ClassifierFit.Chosen chosen = fit.choose(train, counts.train());
      FittedClassifier fitted = fit.fit(train, validation, chosen);
      measured.add(Predictor.of(learner.toString()), fitted);
      if (options.transfer().equals(Optional.of(learner))) {
        fitSlices(fit, chosen, train, validation);
      }
      all.add(fitted);
    }
    return all;
  }

  /** Fits on each slice alone, where it has both classes to fit and to calibrate on. */
  private void fitSlices(
      ClassifierFit fit, ClassifierFit.Chosen chosen, Dataset<Row> train, Dataset<Row> validation) {
    if (survey.slices().size() < 2) {
      return;
    }
    Map<String, Long> classes = new LinkedHashMap<>();
    train
        .select("slice", "split", "label")
        .unionAll(validation.select("slice", "split", "label"))
        .distinct()
        .collectAsList()
        .forEach(row -> classes.merge(String.valueOf(row.get(0)), 1L, Long::sum));
    for (String slice : survey.slices()) {
      if (classes.getOrDefault(slice, 0L) == 4) { // two classes in two splits
        FittedClassifier fitted =
            fit.fit(
                train.where(col("slice").equalTo(slice)),
                validation.where(col("slice").equalTo(slice)),
                chosen);
        measured.add(new Predictor(fitted.learner().toString(), slice), fitted);
      }
    }
  }

  private List<Importance> importances(List<FittedClassifier> fitted, Dataset<Row> rows) {
    List<Importance> importances = new ArrayList<>();
    if (!fitted.isEmpty()) {
      List<Row> sample =
          Resampling.sample(
                  rows.where("split = 'validation'"), counts.validation(), Importance.EXAMPLES)
              .select("label", "weight", Features.FEATURES)
              .collectAsList();
      fitted.forEach(
          one -> importances.addAll(Importance.of(one, sample, features.groups(), options.seed())));
    }
    return importances;
  }

  /** The two baselines; a constant router is as the base rate, whatever the learner. */
  private void addBaselines(Dataset<Row> rows) {
    if (counts.isConstant()) {
      options.learners().forEach(learner -> measured.addConstant(learner.toString()));
    }
    measured.addConstant(RouterQualityTable.BASE_RATE);
    Dataset<Row> validation = rows.where("split = 'validation'");
    measured.addPrevious(
        counts.validation() == 0
            ? Optional.empty()
            : Optional.of(ClassifierFit.calibration("previous", validation)));
  }

  private void save(List<FittedClassifier> fitted) {
    for (FittedClassifier one : fitted) {
      try {
        one.pipeline(features, grouped)
            .write()
            .overwrite()
            .save(output.modelDirectory(one.learner(), name));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private FittedRouter.Fitted told(FittedClassifier fitted, RouterMeasures measures) {
    SkipThresholds thresholds = measures.thresholds().get(fitted.learner().toString());
    Optional<RouterWeights> weights =
        RouterLearner.of(fitted.learner(), options, features.count())
            .weights(fitted.classifier(), fitted.around(thresholds));
    return new FittedRouter.Fitted(
        fitted.learner(), fitted.hyperparameters(), fitted.crossValidatedAuc(), weights);
  }

  /** Rows that every predictor adds its two columns to. */
  private final class MeasureInput {
    private final List<Predictor> predictors = new ArrayList<>();
    private Dataset<Row> rows;

    void begin(Dataset<Row> measuredRows) {
      rows = measuredRows;
    }

    void add(Predictor predictor, FittedClassifier fitted) {
      int index = predictors.size();
      predictors.add(predictor);
      rows =
          fitted
              .score(rows)
              .withColumn(
                  MeasureTask.scoreColumn(index),
                  functions.vector_to_array(col("probability"), "float64").getItem(1))
              .withColumnRenamed(FittedClassifier.CALIBRATED, MeasureTask.calibratedColumn(index))
              .drop(FittedClassifier.ADDED.toArray(new String[0]));
    }

    void addConstant(String learner) {
      add(Predictor.of(learner), lit(0.0), lit(counts.baseRate()));
    }

    void addPrevious(Optional<IsotonicRegressionModel> calibration) {
      Predictor predictor = Predictor.of(RouterQualityTable.PREVIOUS_RATIO);
      if (calibration.isPresent()) {
        rows = calibration.get().transform(rows);
        add(predictor, col("previous"), col(FittedClassifier.CALIBRATED));
        rows = rows.drop(FittedClassifier.CALIBRATED);
      } else {
        add(predictor, col("previous"), lit(counts.baseRate()));
      }
    }

    private void add(Predictor predictor, Column score, Column calibrated) {
      int index = predictors.size();
      predictors.add(predictor);
      rows =
          rows.withColumn(MeasureTask.scoreColumn(index), score)
              .withColumn(MeasureTask.calibratedColumn(index), calibrated);
    }

    RouterMeasures measure() {
      return new MeasureTask(
              predictors,
              examples.sliceBy(),
              survey.slices(),
              options.shares(),
              new DocumentBootstrap(options.bootstrap(), options.seed()))
          .measure(rows);
    }
  }
}
