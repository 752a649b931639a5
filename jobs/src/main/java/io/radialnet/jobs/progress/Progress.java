package io.radialnet.jobs.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * Shows tokens done and in total, tokens a second, time left and failed documents: as a bar where
 * the launcher found a terminal ({@code -Dradial.columns}), else as a line every 30 seconds. The
 * total is estimated from the characters read so far, hence its "~". Thread-safe.
 */
public final class Progress implements AutoCloseable {

  /** System property: the width of the terminal that stderr is; unset where it is none. */
  public static final String COLUMNS = "radial.columns";

  private static final long LINE_EVERY_NANOS = Duration.ofSeconds(30).toNanos();

  private final LongSupplier nanoClock;
  private final long totalCharacters;
  private final long startNanos;
  private final Display display;
  private volatile ProgressReading reading;

  private Progress(Target target, long totalCharacters, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.totalCharacters = totalCharacters;
    this.startNanos = nanoClock.getAsLong();
    this.reading = new ProgressReading(0, 0, totalCharacters, 0, 0);
    this.display = target.columns() > 0 ? new Bar(target) : new Lines(target.out(), startNanos);
  }

  /**
   * Starts the clock.
   *
   * @param out where to write
   * @param totalCharacters characters of the whole corpus; 0 if not known
   */
  public static Progress start(PrintStream out, long totalCharacters) {
    return start(
        new Target(out, Integer.getInteger(COLUMNS, 0)), totalCharacters, System::nanoTime);
  }

  static Progress start(Target target, long totalCharacters, LongSupplier nanoClock) {
    return new Progress(target, totalCharacters, nanoClock);
  }

  /**
   * Tells how far the job is. Call it often, also when nothing has changed.
   *
   * @param tokens tokens done since the start
   * @param characters characters of the corpus done since the start
   * @param failures documents that failed since the start
   */
  public synchronized void update(long tokens, long characters, long failures) {
    long now = nanoClock.getAsLong();
    reading = new ProgressReading(tokens, characters, totalCharacters, failures, now - startNanos);
    display.show(now);
  }

  /** Shows the last state, and gives the terminal back. */
  @Override
  public synchronized void close() {
    display.close();
  }

  /**
   * Where to show it.
   *
   * @param columns the width of the terminal, 0 if it is none
   */
  record Target(PrintStream out, int columns) {}

  private interface Display {
    void show(long nowNanos);

    void close();
  }

  /** One line every 30 seconds, and one at the end. */
  private final class Lines implements Display {
    private final PrintStream out;
    private long lastNanos;

    Lines(PrintStream out, long startNanos) {
      this.out = out;
      this.lastNanos = startNanos;
    }

    @Override
    public void show(long nowNanos) {
      if (nowNanos - lastNanos >= LINE_EVERY_NANOS) {
        lastNanos = nowNanos;
        out.println(reading.text());
      }
    }

    @Override
    public void close() {
      out.println(reading.text());
    }
  }

  /** A line that is drawn over itself, by a thread of its own. */
  private final class Bar implements Display {
    private final ProgressBar bar;

    Bar(Target target) {
      bar =
          new ProgressBarBuilder()
              .setUpdateIntervalMillis(500)
              .continuousUpdate()
              .setRenderer((state, columns) -> BarLine.of(reading, columns))
              .setConsumer(
                  new DelegatingProgressBarConsumer(
                      line -> draw(target.out(), line), target.columns()))
              .build();
    }

    @Override
    public void show(long nowNanos) {
      // The bar's own thread draws what it finds in 'reading'.
    }

    @Override
    public void close() {
      bar.close();
    }

    private static void draw(PrintStream out, String line) {
      out.print('\r' + line);
      out.flush();
    }
  }
}
