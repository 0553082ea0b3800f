package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.AT_FDCWD;
import static dev.ringflow.uring.UringConstants.O_CLOEXEC;
import static dev.ringflow.uring.UringConstants.O_RDONLY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests with somebody else's rights. */
@Timeout(60)
class PersonalityTest {
    @TempDir
    private Path directory;

    private Uring ring;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(UringParams.of(8).withWishedFlags(0)); // for calls of several threads
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private int open(final ByteBuffer path, final int personality) {
        final Sqe sqe = ring.getSqe();
        sqe.prepOpenat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
        sqe.setPersonality(personality);
        final int result = Completion.awaitResult(ring);
        if (result >= 0) {
            Native.close(result);
        }
        return result;
    }

    /** S19. */
    @Test
    void shouldRefuseAnUnknownPersonality() {
        final Sqe sqe = ring.getSqe();
        sqe.prepNop();
        sqe.setPersonality(1234);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EINVAL);
        assertThat(ring.unregisterPersonality(1234)).isEqualTo(-Errno.EINVAL);

        final int personality = ring.registerPersonality();
        assertThat(personality).isPositive();
        assertThat(ring.registerPersonality())
                .as("another each time")
                .isNotEqualTo(personality)
                .isPositive();
        assertThat(ring.unregisterPersonality(personality)).isZero();
        assertThat(ring.unregisterPersonality(personality)).isEqualTo(-Errno.EINVAL);
        final Sqe gone = ring.getSqe();
        gone.prepNop();
        gone.setPersonality(personality);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EINVAL);
    }

    /** S19. */
    @Test
    void shouldOpenFilesWithTheRightsOfThePersonality() throws Exception {
        OrdinaryUser.assumeRoot();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        final Path secret = Files.writeString(directory.resolve("secret"), "secret");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        final ByteBuffer path = Native.path(secret);

        final int own = ring.registerPersonality();
        final int nobodys = OrdinaryUser.call(ring::registerPersonality);
        assertThat(nobodys).isPositive();

        assertThat(open(path, nobodys)).isEqualTo(-Errno.EACCES);
        assertThat(open(path, own)).isPositive();
        assertThat(open(path, 0)).as("without a personality").isPositive();
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw----r--"));
        assertThat(open(path, nobodys)).as("now it may").isPositive();
        assertThat(ring.unregisterPersonality(nobodys)).isZero();
        assertThat(ring.unregisterPersonality(own)).isZero();
    }
}
