package io.radialnet.runtime;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The C library's heap, in which libtorch keeps arrays on the CPU. Batches differ in length, so
 * their arrays leave holes of all sizes that glibc keeps: some hundred MiB more with every million
 * tokens. Asked to, it gives whole free pages back to the system. Other C libraries are left alone.
 */
final class NativeHeap {

  /** Seldom enough to cost nothing, often enough that holes stay small. */
  private static final int BATCHES = 8;

  private static final AtomicLong ENDED = new AtomicLong();

  private static final Optional<Function> MALLOC_TRIM = mallocTrim();

  private NativeHeap() {}

  private static Optional<Function> mallocTrim() {
    try {
      return Optional.of(NativeLibrary.getProcess().getFunction("malloc_trim"));
    } catch (UnsatisfiedLinkError e) {
      return Optional.empty();
    }
  }

  /** To be called after every batch; trims after some. */
  static void batchEnded() {
    if (ENDED.incrementAndGet() % BATCHES == 0) {
      trim();
    }
  }

  /** Gives free memory back to the system. */
  static void trim() {
    MALLOC_TRIM.ifPresent(trim -> trim.invokeInt(new Object[] {new NativeLong(0)}));
  }
}
