package io.radialnet.jobs.corpus;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.types.StructType;

/** The documents of an open corpus with its limit, before its sample. Lives on the driver. */
interface DocumentSource {

  /** Size of the corpus's files, whatever the limit. */
  long bytesOnDisk();

  /** Names and types of the kept columns; all nullable. */
  StructType keptSchema();

  /** The documents, read anew by each action. */
  JavaRDD<Document> documents();
}
