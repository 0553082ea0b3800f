package dev.ringflow.file;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.spi.OpenFlags;
import java.nio.file.LinkOption;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;

final class OpenOptionsTest {
    @Test
    void readingIsTheDefault() {
        assertThat(OpenOptions.flags()).isEqualTo(OpenFlags.READ);
        assertThat(OpenOptions.flags(LinkOption.NOFOLLOW_LINKS)).isEqualTo(OpenFlags.READ | OpenFlags.NOFOLLOW);
    }

    @Test
    void creationAndTruncationCountOnlyForWriting() {
        assertThat(OpenOptions.flags(CREATE, TRUNCATE_EXISTING, CREATE_NEW)).isEqualTo(OpenFlags.READ);
        assertThat(OpenOptions.flags(WRITE, CREATE, TRUNCATE_EXISTING))
                .isEqualTo(OpenFlags.WRITE | OpenFlags.CREATE | OpenFlags.TRUNCATE);
        assertThat(OpenOptions.flags(READ, WRITE, CREATE_NEW))
                .isEqualTo(OpenFlags.READ | OpenFlags.WRITE | OpenFlags.CREATE_NEW);
    }

    @Test
    void appendingImpliesWriting() {
        assertThat(OpenOptions.flags(APPEND)).isEqualTo(OpenFlags.APPEND | OpenFlags.WRITE);
        assertThat(OpenOptions.flags(APPEND, CREATE, SYNC))
                .isEqualTo(OpenFlags.APPEND | OpenFlags.WRITE | OpenFlags.CREATE | OpenFlags.SYNC);
    }

    @Test
    void hintsAreTaken() {
        assertThat(OpenOptions.flags(WRITE, SPARSE, DSYNC)).isEqualTo(OpenFlags.WRITE | OpenFlags.DSYNC);
    }

    @Test
    void contradictionsAreRefused() {
        assertThatThrownBy(() -> OpenOptions.flags(READ, APPEND)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OpenOptions.flags(APPEND, TRUNCATE_EXISTING))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNotSupportedIsNamed() {
        assertThatThrownBy(() -> OpenOptions.flags(DELETE_ON_CLOSE))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("DELETE_ON_CLOSE");
        Object stranger = StandardCopyOption.ATOMIC_MOVE;
        assertThat(stranger).isNotInstanceOf(java.nio.file.OpenOption.class);
        assertThatThrownBy(() -> OpenOptions.flags((java.nio.file.OpenOption) null))
                .isInstanceOf(NullPointerException.class);
    }
}
