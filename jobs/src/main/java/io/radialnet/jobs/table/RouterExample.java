package io.radialnet.jobs.table;

/**
 * A row of {@link RouterExamplesTable}, whose comments say what each value is. The writer reads the
 * arrays and keeps none of them.
 *
 * @param docId the document's id
 * @param domain null where there is none
 * @param window 0-based
 * @param position 0-based
 * @param tokenId the token's number
 * @param layer 0-based
 * @param block attn or mlp
 * @param projection (k)
 * @param logNorm of the block's input
 * @param previousRatios of the blocks already run
 * @param logFrequency of the token
 * @param ratio of the block
 * @param label whether the block can be skipped
 * @param weight how many of the corpus it stands for
 * @param split train, validation or test
 * @param fold 0 to 4
 */
@SuppressWarnings("ArrayRecordComponent") // Numbers on their way to a file.
public record RouterExample(
    String docId,
    String domain,
    int window,
    int position,
    int tokenId,
    int layer,
    String block,
    float[] projection,
    float logNorm,
    float[] previousRatios,
    float logFrequency,
    float ratio,
    boolean label,
    double weight,
    String split,
    int fold) {}
