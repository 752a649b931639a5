package io.radialnet.jobs.table;

/**
 * A profiled window of T tokens of a model with L layers. The writer reads the arrays and keeps
 * none of them.
 *
 * @param docId the document's id
 * @param window 0-based window of the document
 * @param kept values of the kept columns in schema order: String, Boolean, Integer, Long, Float,
 *     Double, java.time.LocalDate or java.time.Instant; null where absent
 * @param tokenIds (T)
 * @param tokens (T), as the vocabulary spells them
 * @param special (T)
 * @param docPositions (T), -1 for null
 * @param measures one array per measure column in schema order, each (T, L) token by token
 * @param surprisal (T) in nats, NaN for null; null when the table has none
 */
@SuppressWarnings("ArrayRecordComponent") // A batch of numbers on its way to a file.
public record ProfiledWindow(
    String docId,
    int window,
    Object[] kept,
    int[] tokenIds,
    String[] tokens,
    boolean[] special,
    int[] docPositions,
    float[][] measures,
    float[] surprisal) {}
