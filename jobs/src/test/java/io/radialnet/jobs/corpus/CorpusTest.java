package io.radialnet.jobs.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.radialnet.error.UserException;
import io.radialnet.jobs.SparkSessionExtension;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SparkSessionExtension.class)
class CorpusTest {

  private static final String SPLIT_BYTES = "spark.sql.files.maxPartitionBytes";

  @TempDir private Path dir;
  private SparkSession spark;

  @BeforeEach
  void useSession(SparkSession session) {
    spark = session;
  }

  @AfterEach
  void restoreSplitSize() {
    spark.conf().unset(SPLIT_BYTES);
  }

  @Test
  void textHasADocumentALineWithRowsAsIds() {
    write("a.txt", "one\n\nthree");
    assertThat(documents(open("a.txt")))
        .containsExactly(
            new Doc("a.txt#0", "a.txt:line 1", "one"),
            new Doc("a.txt#1", "a.txt:line 2", ""),
            new Doc("a.txt#2", "a.txt:line 3", "three"));
  }

  @Test
  void directoryIsReadRecursivelyInPathOrderWithoutHiddenFiles() {
    write("c/b.txt", "2\n");
    write("c/a/z.txt", "1\n");
    write("c/_hidden.txt", "no\n");
    write("c/.hidden.txt", "no\n");
    write("c/_temporary/x.txt", "no\n");
    write("c/with space [1]/%41ä.txt", "3\n");
    assertThat(documents(open("c")))
        .containsExactly(
            new Doc("a/z.txt#0", "a/z.txt:line 1", "1"),
            new Doc("b.txt#0", "b.txt:line 1", "2"),
            new Doc("with space [1]/%41ä.txt#0", "with space [1]/%41ä.txt:line 1", "3"));
  }

  @Test
  void globAndSeveralPathsAreNamedFromWhatTheyShare() {
    write("c/x/1.txt", "1\n");
    write("c/y/2.txt", "2\n");
    write("c/y/3.csv", "no\n");
    assertThat(ids(open("c/*/*.txt"))).containsExactly("x/1.txt#0", "y/2.txt#0");
    CorpusOptions two =
        new CorpusOptions(
            List.of(path("c/y/2.txt"), path("c/x"), path("c/x/1.txt")),
            CorpusFormat.AUTO,
            "text",
            Optional.empty(),
            List.of(),
            0,
            1);
    assertThat(ids(Corpus.open(spark, two))).containsExactly("x/1.txt#0", "y/2.txt#0");
  }

  @Test
  void jsonLinesCarryIdsAndKeptColumnsInTheirTypes() {
    write(
        "a.jsonl",
        """
        {"doc_id":"x","text":"one","n":1,"d":1,"b":true,"s":1,"z":"007","big":12345678901234567890}
        {"text":"two","doc_id":null,"n":2,"d":2.5,"b":null,"s":"a"}

        {"doc_id":7,"text":"three","n":-3,"d":null,"b":false,"s":1.50}
        """);
    Corpus corpus =
        Corpus.open(spark, options("a.jsonl").withKeepColumns(List.of("n", "d", "b", "s", "big")));
    assertThat(corpus.keptSchema())
        .isEqualTo(
            new StructType()
                .add("n", DataTypes.LongType)
                .add("d", DataTypes.DoubleType)
                .add("b", DataTypes.BooleanType)
                .add("s", DataTypes.StringType)
                .add("big", DataTypes.StringType));
    List<Document> documents = collect(corpus);
    assertThat(documents).extracting(Document::docId).containsExactly("x", "a.jsonl#1", "7");
    assertThat(documents).extracting(Document::line).containsExactly(1L, 2L, 4L);
    assertThat(documents.get(0).kept()).containsExactly(1L, 1.0, true, "1", "12345678901234567890");
    assertThat(documents.get(1).kept()).containsExactly(2L, 2.5, null, "a", null);
    assertThat(documents.get(2).kept()).containsExactly(-3L, null, false, "1.50", null);
  }

  @Test
  void jsonLinesThatCannotBeReadAreDocumentsWithAFailure() {
    write(
        "a.jsonl",
        """
        {"doc_id":"ok","text":"fine"}
        {"text":"cut of
        [1, 2]
        {"doc_id":"q","body":"b"}
        {"doc_id":"r","text":null}
        {"doc_id":"s","text":5}
        {"doc_id":"t","text":["a"]}
        {"doc_id":{"a":1},"text":"a"}
        {"text":"a"} trailing
        {"doc_id":"u","text":"also fine"}
        """);
    List<Document> documents = collect(open("a.jsonl"));
    assertThat(documents)
        .extracting(Document::failure)
        .satisfiesExactly(
            f -> assertThat(f).isNull(),
            f -> assertThat(f).startsWith("invalid JSON at column 16: Unexpected end-of-input"),
            f -> assertThat(f).isEqualTo("the line is JSON but not an object"),
            f -> assertThat(f).isEqualTo("there is no column 'text'"),
            f -> assertThat(f).isEqualTo("column 'text' is null"),
            f -> assertThat(f).isEqualTo("column 'text' is a number, not a string"),
            f -> assertThat(f).isEqualTo("column 'text' is an object or array, not a string"),
            f -> assertThat(f).isEqualTo("column 'doc_id' is not a string or a number"),
            f -> assertThat(f).startsWith("invalid JSON at column"),
            f -> assertThat(f).isNull());
    assertThat(documents.get(1).source()).isEqualTo("a.jsonl:line 2");
    assertThat(documents.get(1).docId()).isEqualTo("a.jsonl#1");
    assertThat(documents.get(4).docId()).isEqualTo("r");
    assertThat(scan(open("a.jsonl")))
        .extracting(CorpusScan::documents, CorpusScan::failures, CorpusScan::characters)
        .containsExactly(10L, 8L, 13L);
  }

  @Test
  void charactersAreCountedByShard() throws IOException {
    write("a.jsonl", "{\"text\":\"one\"}\n{\"text\":\"three\"}\n{\"text\":\"four\"}\n{}\n");
    CorpusScan scan = open("a.jsonl").scan(3, document -> document.text().length() % 3);
    assertThat(scan.charactersByShard()).containsExactly(3L, 4L, 5L);
  }

  @Test
  void windowsLineEndsByteOrderMarkAndBrokenUnicodeAreRead() throws IOException {
    Files.write(
        dir.resolve("a.jsonl"),
        concat(
            new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF},
            "{\"text\":\"a\"}\r\n{\"text\":\"\\ud83d\\ude00 \\ud83d\"}\r\n{\"text\":\"b"
                .getBytes(UTF_8),
            new byte[] {(byte) 0xFF},
            "\"}\r\n".getBytes(UTF_8)));
    assertThat(collect(open("a.jsonl")))
        .extracting(Document::text)
        .containsExactly("a", "😀 \uFFFD", "b\uFFFD");
    assertThat(scan(open("a.jsonl")).characters()).isEqualTo(1 + 3 + 2);
  }

  @Test
  void csvIsReadWithQuotesAndFieldsOfSeveralLines() {
    write(
        "a.csv",
        """
        doc_id,text,year,code,share
        x,"one, ""quoted""
        second line",1999,007,1
        ,plain,2001,12,0.5
        y,,,,
        z,short
        #w,last,1,1,1
        """);
    write("b.csv", "share,code,year,text,doc_id\n3,a,2,other order,v\n");
    Corpus corpus =
        Corpus.open(spark, options("*.csv").withKeepColumns(List.of("year", "code", "share")));
    assertThat(corpus.keptSchema())
        .isEqualTo(
            new StructType()
                .add("year", DataTypes.LongType)
                .add("code", DataTypes.StringType)
                .add("share", DataTypes.DoubleType));
    List<Document> documents = collect(corpus);
    assertThat(documents)
        .extracting(Document::docId)
        .containsExactly("x", "a.csv#1", "y", "a.csv#3", "#w", "v");
    assertThat(documents).extracting(Document::line).containsExactly(2L, 4L, 5L, 6L, 7L, 2L);
    assertThat(documents)
        .extracting(Document::text)
        .containsExactly("one, \"quoted\"\nsecond line", "plain", "", null, "last", "other order");
    assertThat(documents.get(0).kept()).containsExactly(1999L, "007", 1.0);
    assertThat(documents.get(2).kept()).containsExactly(null, null, null);
    assertThat(documents.get(3).failure()).isEqualTo("it has 2 fields, the header has 5");
  }

  @Test
  void tabSeparatedValuesAreRead() {
    write("a.tsv", "text\tn\r\na,b\t1\r\n");
    assertThat(documents(open("a.tsv"))).containsExactly(new Doc("a.tsv#0", "a.tsv:line 2", "a,b"));
  }

  @Test
  void csvFileWithOtherColumnsIsAnError() {
    write("c/a.csv", "text\n1\n");
    write("c/b.csv", "body\n1\n");
    Corpus corpus = open("c");
    assertThatThrownBy(() -> scan(corpus))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith(
            "c/b.csv: it has no column 'text', unlike the first file; its columns are body."
                + " Give all files of the corpus the same columns.");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 100_000_000})
  void rowsAndFingerprintDoNotDependOnTheSplits(int splitBytes) {
    String text = randomLines(new Random(1), 30);
    write("c/a.txt", text);
    write("c/b.txt", "x\ny\n");
    CorpusScan whole = scan(open("c"));
    spark.conf().set(SPLIT_BYTES, splitBytes + "b");
    List<Document> documents = collect(open("c"));
    List<String> lines = text.lines().toList();
    assertThat(documents)
        .filteredOn(document -> document.file().equals("a.txt"))
        .extracting(Document::text)
        .isEqualTo(lines);
    assertThat(documents)
        .extracting(Document::docId)
        .startsWith("a.txt#0", "a.txt#1", "a.txt#2")
        .endsWith("a.txt#" + (lines.size() - 1), "b.txt#0", "b.txt#1");
    assertThat(scan(open("c"))).isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource({"gz", "zst"})
  void compressedFilesAreReadWhole(String compression) throws IOException {
    byte[] lines =
        IntStream.range(0, 1000)
            .mapToObj(i -> "{\"text\":\"line " + i + "\"}\n")
            .collect(Collectors.joining())
            .getBytes(UTF_8);
    Path file = dir.resolve("a.jsonl." + compression);
    if (compression.equals("gz")) {
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
        out.write(lines);
      }
    } else {
      Files.write(file, Zstd.compress(lines));
    }
    spark.conf().set(SPLIT_BYTES, "100b");
    Corpus corpus = open(file.getFileName().toString());
    List<Document> documents = collect(corpus);
    assertThat(documents).hasSize(1000);
    assertThat(documents.get(999).text()).isEqualTo("line 999");
    assertThat(documents.get(999).row()).isEqualTo(999);
    assertThat(corpus.bytesOnDisk()).isEqualTo(Files.size(file));
  }

  @Test
  void brokenCompressedFileIsNamed() {
    for (String file : List.of("a.txt.gz", "a.jsonl.gz", "a.csv.gz", "a.txt.zst")) {
      write(file, "this is not compressed");
      assertThatThrownBy(() -> open(file))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("Cannot read corpus file file:" + path(file) + ": ")
          .hasMessageEndingWith("Check that the file is whole and readable, then run again.");
    }
  }

  @Test
  void compressedFileCutOffIsNamed() throws IOException {
    for (String file : List.of("a.txt.gz", "a.jsonl.gz", "a.csv.gz")) {
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(dir.resolve(file)))) {
        out.write((file.startsWith("a.csv") ? "text\n" : "").getBytes(UTF_8));
        for (int i = 0; i < 100_000; i++) {
          out.write(("{\"text\":\"" + Integer.toHexString(i * 7919) + "\"}\n").getBytes(UTF_8));
        }
      }
      byte[] whole = Files.readAllBytes(dir.resolve(file));
      Files.write(dir.resolve(file), Arrays.copyOf(whole, whole.length / 2));
      assertThatThrownBy(() -> scan(open(file)))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "Cannot read corpus file file:"
                  + path(file)
                  + ": Unexpected end of input stream. Check that the file is whole and readable,"
                  + " then run again.");
    }
  }

  @Test
  void textLongerThanParsersUsuallyTakeIsRead() {
    String text = "x".repeat(21_000_000);
    write("a.jsonl", "{\"text\":\"" + text + "\"}\n");
    write("a.csv", "text\n\"" + text + "\"\n");
    assertThat(scan(open("a.jsonl")).characters()).isEqualTo(text.length());
    assertThat(scan(open("a.csv")).characters()).isEqualTo(text.length());
  }

  @Test
  void limitTakesTheFirstDocumentsInCorpusOrder() {
    write("t/a.txt", "1\n2\n3\n");
    write("t/b.txt", "4\n");
    write("t/c.txt", "5\n6\n");
    write("j/a.jsonl", "{\"text\":\"1\"}\n\n{\"text\":\"2\"}\n{bad\n");
    write("j/b.jsonl", "{\"text\":\"4\"}\n{\"text\":\"5\"}\n{\"text\":\"6\"}\n");
    write("v/a.csv", "text\n1\n2\n3\n4\n");
    write("v/b.csv", "text\n5\n6\n");
    spark.range(1, 3, 1, 1).selectExpr("string(id) text").write().parquet(path("p/a"));
    spark.range(3, 7, 1, 1).selectExpr("string(id) text").write().parquet(path("p/b"));
    for (String corpus : List.of("t", "j", "v", "p")) {
      // Less than a line, and less than a file of Parquet.
      spark.conf().set(SPLIT_BYTES, corpus.equals("p") ? "100b" : "4b");
      List<Document> all = collect(open(corpus));
      assertThat(all).hasSize(6);
      for (int limit : List.of(2, 3, 5, 100)) {
        assertThat(collect(Corpus.open(spark, options(corpus).withLimitDocs(limit))))
            .as("%s limited to %s", corpus, limit)
            .usingRecursiveFieldByFieldElementComparator()
            .isEqualTo(all.subList(0, Math.min(limit, 6)));
      }
    }
  }

  @Test
  void sampleDependsOnTheIdAndGrowsWithTheFraction() {
    write("a.txt", IntStream.range(0, 2000).mapToObj(i -> i + "\n").collect(Collectors.joining()));
    List<String> tenth = ids(Corpus.open(spark, options("a.txt").withSampleFraction(0.1)));
    List<String> half = ids(Corpus.open(spark, options("a.txt").withSampleFraction(0.5)));
    assertThat(tenth).hasSizeBetween(150, 250);
    assertThat(half).hasSizeBetween(900, 1100).containsAll(tenth);
    spark.conf().set(SPLIT_BYTES, "100b");
    assertThat(ids(Corpus.open(spark, options("a.txt").withSampleFraction(0.1)))).isEqualTo(tenth);
    Corpus both = Corpus.open(spark, options("a.txt").withLimitDocs(1000).withSampleFraction(0.1));
    assertThat(ids(both)).isEqualTo(tenth.stream().filter(id -> rowOf(id) < 1000).toList());
  }

  @Test
  void fingerprintFollowsContentAndNotPlace() throws IOException {
    write("c/a.jsonl", "{\"text\":\"one\",\"k\":1}\n{\"text\":\"two\",\"k\":2}\n");
    CorpusScan scan = scanKeeping("c");
    assertThat(scan.fingerprint()).matches("[0-9a-f]{64}");
    write("elsewhere/deep/a.jsonl", Files.readString(dir.resolve("c/a.jsonl")));
    assertThat(scanKeeping("elsewhere/deep")).isEqualTo(scan);

    write("c/a.jsonl", "{\"text\":\"two\",\"k\":1}\n{\"text\":\"one\",\"k\":2}\n");
    String swapped = scanKeeping("c").fingerprint();
    write("c/a.jsonl", "{\"text\":\"one\",\"k\":1}\n{\"text\":\"two!\",\"k\":2}\n");
    String changed = scanKeeping("c").fingerprint();
    write("c/a.jsonl", "{\"text\":\"one\",\"k\":1}\n{\"text\":\"two\",\"k\":3}\n");
    String otherKept = scanKeeping("c").fingerprint();
    write("c/a.jsonl", "{\"text\":\"one\",\"k\":1,\"doc_id\":\"a\"}\n{\"text\":\"two\",\"k\":2}\n");
    String otherId = scanKeeping("c").fingerprint();
    assertThat(List.of(scan.fingerprint(), swapped, changed, otherKept, otherId))
        .doesNotHaveDuplicates();
  }

  @Test
  void parquetIsReadWithPartitionColumnsAndTypes() {
    spark
        .sql(
            "select 'é😀' text, 5 doc_id, 'books' domain, date'1582-10-01' day,"
                + " timestamp'2020-01-02 03:04:05.678901' at, tinyint(3) tiny, float(1.5) f"
                + " union all select null, null, 'a b%', null, null, null, null")
        .repartition(1)
        .write()
        .partitionBy("domain")
        .parquet(path("p"));
    Corpus corpus =
        Corpus.open(
            spark, options("p").withKeepColumns(List.of("day", "at", "tiny", "f", "domain")));
    assertThat(corpus.keptSchema())
        .isEqualTo(
            new StructType()
                .add("day", DataTypes.DateType)
                .add("at", DataTypes.TimestampType)
                .add("tiny", DataTypes.IntegerType)
                .add("f", DataTypes.FloatType)
                .add("domain", DataTypes.StringType));
    List<Document> documents = collect(corpus);
    assertThat(documents.get(0).kept()).containsExactly(null, null, null, null, "a b%");
    assertThat(documents.get(0).failure()).isEqualTo("column 'text' is null");
    assertThat(documents.get(0).docId()).isEqualTo(documents.get(0).file() + "#0");
    assertThat(documents.get(0).source()).endsWith(".parquet:row 0");
    assertThat(documents.get(1).kept())
        .containsExactly(
            LocalDate.of(1582, 10, 1),
            Instant.parse("2020-01-02T03:04:05.678901Z"),
            3,
            1.5f,
            "books");
    assertThat(documents.get(1).docId()).isEqualTo("5");
    assertThat(documents.get(1).text()).isEqualTo("é😀");
    assertThat(corpus.bytesOnDisk()).isPositive();
  }

  @Test
  void deltaIsReadAsItWasWhenOpenedWithoutDeletedRows() {
    spark
        .range(0, 10, 1, 1)
        .selectExpr("string(id) text", "id % 2 as part")
        .write()
        .format("delta")
        .option("delta.enableDeletionVectors", "true")
        .partitionBy("part")
        .save(path("d"));
    spark.sql("delete from delta.`" + path("d") + "` where text in ('2', '4')");
    Corpus corpus = Corpus.open(spark, options("d").withKeepColumns(List.of("part")));
    Corpus limited = Corpus.open(spark, options("d").withLimitDocs(2));
    long bytes = corpus.bytesOnDisk();
    CorpusScan scan = scan(corpus);
    spark.sql("insert into delta.`" + path("d") + "` values ('new', 0)");
    List<Document> documents = collect(corpus);
    assertThat(documents)
        .extracting(Document::text)
        .containsExactly("0", "6", "8", "1", "3", "5", "7", "9");
    assertThat(documents).extracting(Document::row).containsExactly(0L, 3L, 4L, 0L, 1L, 2L, 3L, 4L);
    assertThat(documents.get(0).file()).startsWith("part=0/part-");
    assertThat(collect(limited)).extracting(Document::text).containsExactly("0", "6");
    assertThat(scan(corpus)).isEqualTo(scan);
    assertThat(open("d").bytesOnDisk()).isGreaterThan(bytes);
  }

  @Test
  void missingCorpusIsNamed() {
    assertFails(
        options("nowhere"),
        "Cannot read corpus "
            + path("nowhere")
            + ": there is no "
            + path("nowhere")
            + ". Name a file, a directory or a glob that exists.");
    assertFails(
        options("*.txt"),
        "Cannot read corpus "
            + path("*.txt")
            + ": no file matches "
            + path("*.txt")
            + ". Name a file, a directory or a glob that exists.");
    assertFails(
        CorpusOptions.of("nosuch://host/a.txt"),
        "Cannot read corpus nosuch://host/a.txt: No FileSystem for scheme \"nosuch\"."
            + " Check the path, its file system and its permissions.");
  }

  @Test
  void emptyCorpusIsAnError() throws IOException {
    Files.createDirectory(dir.resolve("none"));
    write("empty/a.txt", "");
    write("blank/a.jsonl", "\n \n");
    write("header/a.csv", "text\n");
    spark.sql("select 'a' text where false").write().parquet(path("p"));
    spark.sql("select 'a' text where false").write().format("delta").save(path("d"));
    for (String corpus : List.of("none", "empty", "blank", "header", "p", "d")) {
      assertFails(
          options(corpus),
          "Cannot read corpus "
              + path(corpus)
              + ": it holds no documents. Name a corpus with at least one document.");
    }
  }

  @Test
  void unknownOrMixedExtensionsAskForTheFormat() {
    write("c/README.md", "x\n");
    write("m/a.jsonl", "{}\n");
    write("m/b.txt", "{}\n");
    assertFails(
        options("c"),
        "Cannot read corpus "
            + path("c")
            + ": the extension of README.md does not tell its"
            + " format. Give --format jsonl, text, csv, parquet or delta.");
    assertFails(
        options("m"),
        "Cannot read corpus "
            + path("m")
            + ": a.jsonl is jsonl, b.txt is text. Name files of one"
            + " kind, for example by a glob, or give --format.");
    assertThat(ids(Corpus.open(spark, options("c").withFormat(CorpusFormat.TEXT))))
        .containsExactly("README.md#0");
    assertFails(
        options("c").withFormat(CorpusFormat.DELTA),
        "Cannot read corpus "
            + path("c")
            + ": it is no Delta table, for it has no directory"
            + " _delta_log. Name the directory of a Delta table, or another --format.");
  }

  @Test
  void missingColumnsAreNamedWithThoseThereAre() {
    write("a.jsonl", "{\"text\":\"a\",\"title\":\"t\"}\n{\"other\":1}\n");
    write("a.csv", "body,title\n1,2\n");
    spark.sql("select 'a' body, 1 title").write().parquet(path("p"));
    assertFails(
        options("a.jsonl").withTextColumn("body"),
        "Cannot read corpus "
            + path("a.jsonl")
            + ": it has no text column 'body'; its columns are"
            + " other, text, title. Name columns that exist with --text-column.");
    assertFails(
        options("a.jsonl").withIdColumn("key").withKeepColumns(List.of("domain", "title", "year")),
        "Cannot read corpus "
            + path("a.jsonl")
            + ": it has no id column 'key' and no column to"
            + " keep 'domain', 'year'; its columns are other, text, title. Name columns that exist"
            + " with --id-column, --keep-columns.");
    for (String corpus : List.of("a.csv", "p")) {
      assertFails(
          options(corpus),
          "Cannot read corpus "
              + path(corpus)
              + ": it has no text column 'text'; its columns are"
              + " body, title. Name columns that exist with --text-column.");
    }
  }

  @Test
  void textThatIsNoJsonIsToldFromAMissingColumn() {
    write("a.json", "[{\"text\":\n\"a\"}]\n");
    assertFails(
        options("a.json"),
        "Cannot read corpus "
            + path("a.json")
            + ": none of its first 2 lines is a JSON object with"
            + " columns. Put one JSON object on each line, or name another --format.");
  }

  @Test
  void plainTextHasNoColumnsToName() {
    write("a.txt", "x\n");
    assertFails(
        options("a.txt").withIdColumn("key"),
        "Cannot read corpus "
            + path("a.txt")
            + ": plain text has no columns, every line is a"
            + " document's text. Leave out --id-column and --keep-columns, or name another"
            + " --format.");
  }

  @Test
  void columnsOfUnfitTypesAreNamed() {
    write("a.jsonl", "{\"text\":\"a\",\"meta\":1}\n{\"text\":\"a\",\"meta\":{\"x\":1}}\n");
    spark.sql("select 1 text, 'a' t, array(1) meta, 1.5d x").write().parquet(path("p"));
    Corpus corpus = Corpus.open(spark, options("a.jsonl").withKeepColumns(List.of("meta")));
    String remedy =
        " Keep columns of strings, booleans, integers, floating-point numbers, dates or"
            + " timestamps.";
    assertThatThrownBy(corpus::keptSchema)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot read corpus "
                + path("a.jsonl")
                + ": column 'meta' cannot be kept, it is an"
                + " object or array (a.jsonl:line 2)."
                + remedy);
    CorpusOptions parquet = options("p").withTextColumn("t");
    assertFails(
        parquet.withKeepColumns(List.of("meta")),
        "Cannot read corpus "
            + path("p")
            + ": column 'meta' cannot be kept, it is array<int>."
            + remedy);
    assertFails(
        options("p"),
        "Cannot read corpus "
            + path("p")
            + ": text column 'text' is int, not string. Name a"
            + " column of strings with --text-column.");
    assertFails(
        parquet.withIdColumn("x"),
        "Cannot read corpus "
            + path("p")
            + ": id column 'x' is double, neither string nor"
            + " integer. Name a column of strings or integers with --id-column.");
  }

  @Test
  void brokenParquetIsAnError() {
    write("a.parquet", "PAR1 but nothing else");
    assertThatThrownBy(() -> open("a.parquet"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("Cannot read corpus " + path("a.parquet"))
        .hasMessageContaining("is not a Parquet file");
  }

  @Test
  void parquetBrokenInTheMiddleIsNamedByTheExecutors() throws IOException {
    spark.range(0, 50_000, 1, 1).selectExpr("sha(string(id)) text").write().parquet(path("p"));
    Path file;
    try (Stream<Path> files = Files.list(dir.resolve("p"))) {
      file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 100_000, (byte) 0xFF);
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    Corpus corpus = open("p");
    assertThatThrownBy(() -> scan(corpus))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("Cannot read a file of the corpus: ")
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageEndingWith("Check that the file is whole and readable, then run again.");
  }

  @Test
  void documentsTravelThroughAShuffle() {
    write("a.txt", "b\na\n");
    List<Document> sorted = open("a.txt").documents().sortBy(Document::text, true, 2).collect();
    assertThat(sorted).extracting(Document::text).containsExactly("a", "b");
  }

  private void assertFails(CorpusOptions options, String message) {
    assertThatThrownBy(() -> Corpus.open(spark, options))
        .isInstanceOf(UserException.class)
        .hasMessage(message);
  }

  private static CorpusScan scan(Corpus corpus) {
    return corpus.scan(1, document -> 0);
  }

  private CorpusScan scanKeeping(String corpus) {
    return scan(Corpus.open(spark, options(corpus).withKeepColumns(List.of("k"))));
  }

  private Corpus open(String corpus) {
    return Corpus.open(spark, options(corpus));
  }

  private CorpusOptions options(String corpus) {
    return CorpusOptions.of(path(corpus));
  }

  private String path(String name) {
    return dir + "/" + name;
  }

  private void write(String name, String content) {
    try {
      Path file = dir.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Document> collect(Corpus corpus) {
    return corpus.documents().collect().stream().sorted(Document::compareInCorpusOrder).toList();
  }

  private static List<Doc> documents(Corpus corpus) {
    return collect(corpus).stream().map(d -> new Doc(d.docId(), d.source(), d.text())).toList();
  }

  private static List<String> ids(Corpus corpus) {
    return collect(corpus).stream().map(Document::docId).toList();
  }

  private static long rowOf(String id) {
    return Long.parseLong(id.substring(id.indexOf('#') + 1));
  }

  /** Lines of every length from 0, ended in each of the three ways. */
  private static String randomLines(Random random, int count) {
    List<String> ends = List.of("\n", "\r\n", "\r");
    return IntStream.range(0, count)
        .mapToObj(i -> "é".repeat(random.nextInt(20)) + i + ends.get(random.nextInt(3)))
        .collect(Collectors.joining());
  }

  private static byte[] concat(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteBuffer all = ByteBuffer.allocate(length);
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }

  private record Doc(String id, String source, String text) {}
}
