package io.radialnet.tensor;

import java.util.List;

/**
 * How the linear maps of a network's layers are multiplied in float32. Of both the error is that of
 * float32; the bits differ. Products of attention and of the LM head are by units for float32.
 */
public enum Float32Products {
  /** By units for float32. */
  FLOAT32("float32"),

  /**
   * By units for tiles of int8 (AMX), on CPUs that have them: the scheme of Ozaki, Ogita, Oishi and
   * Rump (Numerical Algorithms 59, 2012), with three digits of 8 bits a number and six products of
   * digits. Where a row of numbers has one that is far larger than the rest, its error grows to a
   * few times that of float32.
   */
  INT8("int8");

  private final String name;

  Float32Products(String name) {
    this.name = name;
  }

  /** Those that this machine's CPU has units for. */
  public static List<Float32Products> ofThisMachine() {
    return Processor.current().multipliesInt8Tiles() ? List.of(values()) : List.of(FLOAT32);
  }

  @Override
  public String toString() {
    return name;
  }
}
