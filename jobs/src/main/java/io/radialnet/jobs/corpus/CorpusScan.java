package io.radialnet.jobs.corpus;

import java.util.List;

/**
 * What one pass over a corpus found, limit and sample applied.
 *
 * @param documents documents, those that cannot be read included
 * @param failures documents that cannot be read
 * @param characters Unicode code points of all texts
 * @param charactersByShard of the texts of each shard
 * @param bytesOnDisk size of the corpus's files, compressed where they are, without limit or sample
 * @param fingerprint 64 hexadecimal digits, equal exactly when relative paths, rows, ids, texts and
 *     kept values are equal: wherever the corpus lies and however Spark splits it
 */
public record CorpusScan(
    long documents,
    long failures,
    long characters,
    List<Long> charactersByShard,
    long bytesOnDisk,
    String fingerprint) {}
