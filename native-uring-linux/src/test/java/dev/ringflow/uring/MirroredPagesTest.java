package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MirroredPagesTest {
    private static final int RLIMIT_NOFILE = 7;

    @Test
    void shouldShowEachByteTwice() throws Exception {
        MirroredPages.ofBytes(1).close(); // loads what there is to load
        Native.openFiles();
        final List<String> before = Native.openFiles();
        try (MirroredPages pages = MirroredPages.ofBytes(5000)) {
            assertThat(before).as("the file is needed only while it is mapped").containsAll(Native.openFiles());
            final int size = pages.size();
            assertThat(size).isGreaterThanOrEqualTo(5000);
            assertThat(size % LibC.pageSize()).isZero();
            final ByteBuffer both = pages.buffer();
            assertThat(both.capacity()).isEqualTo(2 * size);
            assertThat(Memory.address(both)).isEqualTo(pages.address());
            assertThat(both.getLong(0)).isZero();
            both.putLong(size - 4, 0x0102030405060708L);
            assertThat(both.getInt(2 * size - 4)).isEqualTo(both.getInt(size - 4));
            assertThat(both.getInt(0)).isEqualTo(both.getInt(size));
            assertThat(both.slice(size - 4, 8).order(both.order()).getLong(0)).isEqualTo(0x0102030405060708L);
        }
    }

    @Test
    void shouldRefuseUseAfterCloseAndShowZeroes() throws Exception {
        final MirroredPages pages = MirroredPages.ofBytes(1);
        final ByteBuffer view = pages.buffer().slice(10, 100);
        view.put(0, (byte) 1);
        pages.close();
        pages.close();
        assertThat(pages.isClosed()).isTrue();
        assertThat(pages).hasToString(pages.toString()).asString().contains("closed");
        assertThatThrownBy(pages::buffer).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(pages::address).isInstanceOf(IllegalStateException.class);
        assertThat(view.get(0)).isZero();
        view.put(0, (byte) 2);
    }

    @Test
    void shouldRefuseSizesThatTwoMappingsCannotHave() {
        for (final int wrong : new int[] {Integer.MIN_VALUE, -1, 0, 1 << 30, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> MirroredPages.ofBytes(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldSayWhenDescriptorsHaveRunOut() throws Exception {
        OrdinaryUser.assumeRoot();
        final java.util.concurrent.Callable<String> message = () -> {
            try (MirroredPages pages = MirroredPages.ofBytes(1)) {
                return pages.toString();
            } catch (final UringException e) {
                return e.getMessage();
            }
        };
        assertThat(message.call()).startsWith("MirroredPages[2 times");
        assertThat(Errno.name(Errno.EMFILE)).isEqualTo("EMFILE"); // classes are read by descriptors too
        assertThat(OrdinaryUser.withLimit(RLIMIT_NOFILE, 0, message)).contains("memfd_create", "EMFILE");
    }
}
