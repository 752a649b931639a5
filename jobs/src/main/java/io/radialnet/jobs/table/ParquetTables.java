package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What reading the Parquet tables has in common. */
final class ParquetTables {

  private ParquetTables() {}

  static Dataset<Row> read(SparkSession spark, String table, String directory) {
    try {
      Path path = new Path(directory);
      if (!path.getFileSystem(spark.sparkContext().hadoopConfiguration()).exists(path)) {
        throw notATable(table, directory, "there is no such directory", null);
      }
      return spark.read().parquet(directory);
    } catch (UserException e) {
      throw e;
    } catch (Exception e) { // Scala throws AnalysisException without declaring it
      String reason = e instanceof IOException ? e.getMessage() : "it holds no Parquet files";
      throw notATable(table, directory, reason, e);
    }
  }

  /** What a table lacks of the columns that it must have. */
  static List<String> problems(StructType expected, StructType actual) {
    List<String> problems = new ArrayList<>();
    List<String> names = List.of(actual.fieldNames());
    for (StructField field : expected.fields()) {
      String type = field.dataType().simpleString();
      if (!names.contains(field.name())) {
        problems.add("no column " + field.name() + " " + type);
      } else if (!actual.apply(field.name()).dataType().equals(field.dataType())) {
        problems.add(
            "column "
                + field.name()
                + " is "
                + actual.apply(field.name()).dataType().simpleString()
                + ", not "
                + type);
      }
    }
    return problems;
  }

  static void requireNone(List<String> problems, String table, String directory) {
    if (!problems.isEmpty()) {
      throw notATable(table, directory, "it has " + String.join("; ", problems), null);
    }
  }

  /** The command that writes a table. */
  private static String writer(String table) {
    return switch (table) {
      case RouterExamplesTable.NAME, TokenFrequenciesTable.NAME -> "router-data";
      default -> "profile";
    };
  }

  private static UserException notATable(
      String table, String directory, String reason, Exception origin) {
    return UserException.of(
        "Cannot read " + directory + " as table " + table,
        reason,
        "Name the directory " + table + " that " + writer(table) + " wrote",
        origin);
  }
}
