/**
 * Native arrays: who owns them ({@link io.radialnet.tensor.Scope}) and what is computed on them
 * beyond DJL's operators ({@link io.radialnet.tensor.Kernels}).
 *
 * <p>May use {@code error}. Start reading at {@code kernels.py}, the text of every kernel.
 */
package io.radialnet.tensor;
