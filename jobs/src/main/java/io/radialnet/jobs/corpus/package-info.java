/**
 * Reads a text corpus: JSON Lines, plain text, CSV, Parquet or Delta, on any Hadoop file system.
 *
 * <p>Every format becomes the same thing: {@link io.radialnet.jobs.corpus.Document}s in a total
 * <i>corpus order</i> (the file's path relative to the corpus root, then the row in the file) that
 * depends on the corpus alone, never on how Spark splits it. A document that cannot be read is a
 * document with a {@code failure}; it does not end the job.
 *
 * <p>May use Spark, Hadoop, {@code io.radialnet.error} and the names of {@code
 * io.radialnet.jobs.table}. Start reading at {@link io.radialnet.jobs.corpus.Corpus}.
 */
package io.radialnet.jobs.corpus;
