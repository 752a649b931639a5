package io.radialnet.runtime;

/**
 * A window of T tokens and which of its examples are wanted.
 *
 * @param tokenIds (T)
 * @param examples (S) ascending, each {@code position * 2 * L + 2 * layer + (1 for mlp)}
 */
@SuppressWarnings("ArrayRecordComponent") // On its way to a batch: never compared.
public record SampledWindow(int[] tokenIds, int[] examples) {}
