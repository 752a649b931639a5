package io.radialnet.checkpoint;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;

/**
 * Ends memory mappings before the garbage collector would. Until then the pages that were read
 * count as this process's memory: a model's whole file, beside the weights made from it.
 */
final class Mappings {

  /** By reflection: javac warns of the class, and Java 17 has no other way. */
  private static final String UNSAFE = "sun.misc.Unsafe";

  private Mappings() {}

  /**
   * Unmaps a buffer. Nothing may read it after: the JVM would crash.
   *
   * @param mapped as {@code FileChannel.map} returned it, no slice or duplicate
   */
  static void end(ByteBuffer mapped) {
    try {
      Class<?> unsafe = Class.forName(UNSAFE);
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Method invokeCleaner = unsafe.getMethod("invokeCleaner", ByteBuffer.class);
      invokeCleaner.invoke(instance.get(null), mapped);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException("this buffer is not a mapping of its own", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("module jdk.unsupported is missing from this Java", e);
    }
  }
}
