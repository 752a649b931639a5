package io.radialnet.jobs.aggregate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Some levels of the factor token type. */
final class TypeLevels extends StatesByToken<TypeLevel> {

  private static final long serialVersionUID = 1L;

  TypeLevels(int blocks) {
    super(blocks);
  }

  @Override
  TypeLevel merge(TypeLevel a, TypeLevel b) {
    return a.merge(b);
  }

  @Override
  void write(TypeLevel level, DataOutput out) throws IOException {
    level.write(out);
  }

  @Override
  TypeLevel read(DataInput in) throws IOException {
    TypeLevel level = new TypeLevel(blocks());
    level.read(in);
    return level;
  }
}
