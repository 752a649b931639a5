package io.radialnet.jobs.corpus;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;

import io.delta.tables.DeltaTable;
import io.radialnet.error.UserException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** Parquet and Delta. Rows are numbered by Spark as they stand in their files. */
final class TableSource implements DocumentSource {

  private static final Set<DataType> KEPT_TYPES =
      Set.of(
          DataTypes.BooleanType,
          DataTypes.IntegerType,
          DataTypes.LongType,
          DataTypes.FloatType,
          DataTypes.DoubleType,
          DataTypes.DateType,
          DataTypes.TimestampType);

  private final CorpusOptions options;
  private final Path root;
  private final Dataset<Row> data;
  private final CorpusColumns columns;
  private final StructType keptSchema;
  private List<FileRows> fileRows;
  private Column withinLimit;

  private TableSource(CorpusOptions options, Path root, Dataset<Row> data) {
    this.options = options;
    this.root = root;
    this.data = data;
    this.columns = CorpusColumns.of(options, Arrays.asList(data.columns()));
    checkTextAndId();
    this.keptSchema = keptSchemaOf();
  }

  static TableSource openParquet(SparkSession spark, CorpusOptions options, CorpusFiles files) {
    String[] paths =
        files.files().stream()
            .filter(file -> file.bytes() > 0)
            .map(file -> CorpusFiles.escapeGlob(file.path()))
            .toArray(String[]::new);
    return open(
        options,
        files.root(),
        () ->
            spark
                .read()
                .option("basePath", files.root().toString()) // for partition columns
                .option("mergeSchema", "true")
                .parquet(paths));
  }

  static TableSource openDelta(SparkSession spark, CorpusOptions options, CorpusFiles files) {
    Path table = files.deltaTable().orElseThrow();
    String path = table.toString();
    return open(
        options,
        table,
        () -> {
          Row latest = DeltaTable.forPath(spark, path).history(1).select("version").first();
          // Without a version every action would read the table as it is by then.
          return spark.read().format("delta").option("versionAsOf", latest.getLong(0)).load(path);
        });
  }

  @Override
  public long bytesOnDisk() {
    return fileRows().stream().mapToLong(FileRows::bytes).sum();
  }

  @Override
  public StructType keptSchema() {
    return keptSchema;
  }

  @Override
  public JavaRDD<Document> documents() {
    List<Column> selected = new ArrayList<>();
    selected.add(metadata("file_path"));
    selected.add(metadata("row_index"));
    selected.add(
        columns.id() == null ? lit(null).cast("string") : column(columns.id()).cast("string"));
    selected.add(column(columns.text()));
    for (String name : columns.kept()) {
      selected.add(portable(name));
    }
    return data.filter(withinLimit())
        .select(selected.toArray(Column[]::new))
        .toJavaRDD()
        .map(new RowToDocument(root, columns.text(), keptSchema));
  }

  /** Reads the schema and a first row; what Spark finds wrong with the files is the user's. */
  private static TableSource open(
      CorpusOptions options, Path root, Supplier<Dataset<Row>> reading) {
    Dataset<Row> data;
    boolean isEmpty;
    try {
      data = reading.get();
      isEmpty = data.isEmpty();
    } catch (Exception e) { // Scala throws checked exceptions without declaring them
      throw unreadable(options, e);
    }
    if (isEmpty) {
      throw Corpus.empty(options);
    }
    return new TableSource(options, root, data);
  }

  private static UserException unreadable(CorpusOptions options, Exception e) {
    Throwable origin = e;
    while (origin.getCause() != null) {
      origin = origin.getCause();
    }
    String reason = origin.getMessage() == null ? origin.toString() : origin.getMessage();
    return UserException.of(
        options.problem(), reason, "Check that its files are whole, readable and of one schema", e);
  }

  private void checkTextAndId() {
    DataType textType = type(columns.text());
    if (!(textType instanceof StringType)) {
      throw UserException.of(
          options.problem(),
          "text column '" + columns.text() + "' is " + textType.simpleString() + ", not string",
          "Name a column of strings with --text-column");
    }
    if (columns.id() == null) {
      return;
    }
    DataType idType = type(columns.id());
    if (!(idType instanceof StringType) && !isInteger(idType)) {
      throw UserException.of(
          options.problem(),
          "id column '"
              + columns.id()
              + "' is "
              + idType.simpleString()
              + ", neither string nor integer",
          "Name a column of strings or integers with --id-column");
    }
  }

  private StructType keptSchemaOf() {
    StructType schema = new StructType();
    for (String name : columns.kept()) {
      DataType type = type(name);
      if (type instanceof StringType) {
        schema = schema.add(name, DataTypes.StringType);
      } else if (type instanceof ByteType || type instanceof ShortType) {
        schema = schema.add(name, DataTypes.IntegerType);
      } else if (KEPT_TYPES.contains(type)) {
        schema = schema.add(name, type);
      } else {
        throw KeptColumns.unsupported(options, name, type.simpleString());
      }
    }
    return schema;
  }

  /** Dates and timestamps as numbers: their Java classes depend on the session's settings. */
  private Column portable(String name) {
    DataType type = keptSchema.apply(name).dataType();
    if (type.equals(DataTypes.DateType)) {
      return unix_date(column(name));
    }
    return type.equals(DataTypes.TimestampType)
        ? unix_micros(column(name))
        : column(name).cast(type);
  }

  private synchronized Column withinLimit() {
    if (withinLimit == null) {
      withinLimit = options.limitDocs() == 0 ? lit(true) : ExecutorFailures.unwrap(this::limit);
    }
    return withinLimit;
  }

  /** Whole files while they fit, then the first rows of one more. */
  private Column limit() {
    long left = options.limitDocs();
    List<String> wholeFiles = new ArrayList<>();
    for (FileRows file : fileRows()) {
      if (file.rows() > left) {
        Column isInFile = metadata("file_path").equalTo(file.path());
        Column isFirst = metadata("row_index").leq(lastRow(isInFile, Math.toIntExact(left)));
        return isIn(wholeFiles).or(isInFile.and(isFirst));
      }
      wholeFiles.add(file.path());
      left -= file.rows();
    }
    return lit(true);
  }

  private Column isIn(List<String> paths) {
    return metadata("file_path").isin(paths.toArray());
  }

  /** The row of a file's n-th document; rows that Delta deleted are no documents. */
  private long lastRow(Column isInFile, int documents) {
    if (documents == 0) {
      return -1;
    }
    Column row = metadata("row_index").as("row");
    Dataset<Row> first = data.filter(isInFile).select(row).orderBy("row").limit(documents);
    return first.agg(max("row")).first().getLong(0);
  }

  /** Every file with its size and rows, in corpus order. */
  private synchronized List<FileRows> fileRows() {
    if (fileRows == null) {
      List<Row> rows =
          ExecutorFailures.unwrap(
              () ->
                  data.groupBy(metadata("file_path").as("path"), metadata("file_size").as("bytes"))
                      .agg(count(lit(1)).as("rows"))
                      .collectAsList());
      fileRows =
          rows.stream()
              .map(row -> new FileRows(row.getString(0), row.getLong(1), row.getLong(2)))
              .sorted(
                  Comparator.comparing(
                      (FileRows file) -> RowToDocument.relative(root, file.path())))
              .toList();
    }
    return fileRows;
  }

  private Column metadata(String field) {
    return data.metadataColumn("_metadata").getField(field);
  }

  private Column column(String name) {
    return data.col("`" + name.replace("`", "``") + "`");
  }

  private DataType type(String column) {
    return data.schema().apply(column).dataType();
  }

  private static boolean isInteger(DataType type) {
    return type instanceof ByteType
        || type instanceof ShortType
        || type.equals(DataTypes.IntegerType)
        || type.equals(DataTypes.LongType);
  }

  /** A file as Spark names it (a URI), its size and its rows. */
  private record FileRows(String path, long bytes, long rows) {}
}
