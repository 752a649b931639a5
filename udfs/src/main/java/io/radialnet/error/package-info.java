/**
 * Failures that a user can mend, worded in one form: what, where, why, what to do.
 *
 * <p>Uses nothing. Start reading at {@link io.radialnet.error.UserException}.
 */
package io.radialnet.error;
