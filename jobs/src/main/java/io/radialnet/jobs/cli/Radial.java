package io.radialnet.jobs.cli;

/** The command line. */
public final class Radial {
  private Radial() {}

  /** Runs one command and exits with its status. */
  public static void main(String[] args) {
    System.out.println("radial");
  }
}
