package io.radialnet.jobs.corpus;

import java.io.Serializable;

/**
 * One file of a corpus.
 *
 * @param path qualified Hadoop path
 * @param file path relative to the corpus root, with {@code /}
 * @param bytes its length
 */
record CorpusFile(String path, String file, long bytes) implements Serializable {}
