package io.radialnet.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class UserExceptionTest {

  @Test
  void messageNamesProblemCauseAndRemedy() {
    assertThat(UserException.of("Cannot read a.txt", "it is a directory", "Name a file"))
        .hasMessage("Cannot read a.txt: it is a directory. Name a file.");
  }

  @Test
  void messageIsOneLineWhateverTheOriginSays() {
    IOException origin = new IOException("first\n  second");
    assertThat(UserException.of("Cannot read a.txt", origin.getMessage(), "Try again", origin))
        .hasMessage("Cannot read a.txt: first second. Try again.")
        .hasCause(origin);
  }
}
