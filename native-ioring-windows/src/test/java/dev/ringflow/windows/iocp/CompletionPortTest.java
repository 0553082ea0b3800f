package dev.ringflow.windows.iocp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.windows.Simulators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
class CompletionPortTest {
    @Test
    void postedEntriesComeInOrderAndInBatches() throws Exception {
        try (CompletionPort port = CompletionPort.open()) {
            for (int i = 0; i < 5; i++) {
                port.post(0x1122_3344_5566_7700L + i, i, 0x7766_5544_3322_1100L + i);
            }
            final CompletionEntries entries = CompletionEntries.allocate(3);
            int seen = 0;
            for (final int expected : new int[] {3, 2}) {
                assertThat(port.await(entries, 0)).isEqualTo(expected);
                for (int i = 0; i < expected; i++, seen++) {
                    assertThat(entries.key(i)).isEqualTo(0x1122_3344_5566_7700L + seen);
                    assertThat(entries.overlapped(i)).isEqualTo(0x7766_5544_3322_1100L + seen);
                    assertThat(entries.bytes(i)).isEqualTo(seen);
                    assertThat(entries.error(i)).isZero();
                }
            }
            assertThat(port.await(entries, 0)).isZero();
            assertThatThrownBy(() -> entries.key(0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aWaitEndsWhenAnotherThreadPosts() throws Exception {
        try (CompletionPort port = CompletionPort.open()) {
            final CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return port.await(CompletionEntries.allocate(4), CompletionPort.FOREVER);
                } catch (final WinsockException e) {
                    throw new AssertionError(e);
                }
            });
            port.post(1, 2, 3);
            assertThat(waiting.get(SimulatedNetwork.PATIENCE, TimeUnit.MILLISECONDS))
                    .isEqualTo(1);
        }
    }

    @Test
    void aWaitWithoutEntriesEndsWhenTheTimeIsUp() throws Exception {
        try (CompletionPort port = CompletionPort.open()) {
            final long begin = System.nanoTime();
            assertThat(port.await(CompletionEntries.allocate(4), 60)).isZero();
            assertThat(System.nanoTime() - begin).isGreaterThan(40_000_000);
        }
    }

    @Test
    void aHandleHasOnePortOnly() throws Exception {
        try (CompletionPort port = CompletionPort.open();
                CompletionPort other = CompletionPort.open()) {
            final long socket = Winsock.socket(WinsockConstants.AF_INET, WinsockConstants.SOCK_STREAM, 0, 0);
            port.associate(socket, 1);
            assertThatThrownBy(() -> other.associate(socket, 2))
                    .isInstanceOf(WinsockException.class)
                    .hasMessageContaining("ERROR_INVALID_PARAMETER (87)")
                    .hasMessageContaining("one completion port only");
            Winsock.close(socket);
        }
    }

    @Test
    void useAfterCloseIsAnException() throws Exception {
        final CompletionPort port = CompletionPort.open();
        port.close();
        assertThat(port.isClosed()).isTrue();
        assertThatCode(port::close).doesNotThrowAnyException();
        assertThatThrownBy(() -> port.post(0, 0, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> port.associate(1, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> port.await(CompletionEntries.allocate(1), 0))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(port::handle).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void portsLeaveNoHandles() throws Exception {
        CompletionPort.open().close();
        final int before = SimulatedNetwork.handles();
        for (int i = 0; i < 100; i++) {
            CompletionPort.open().close();
        }
        assertThat(SimulatedNetwork.handles()).isBetween(before - 20, before + 20);
    }

    @Test
    void poolsOfBlocksKeepAddressesAndCountUses() throws Exception {
        final OverlappedPool pool = OverlappedPool.ofBlocks(2);
        final Overlapped first = pool.acquire();
        final Overlapped second = pool.acquire();
        assertThat(pool.acquire()).isNull();
        assertThat(pool.find(first.address())).isSameAs(first);
        assertThat(pool.find(second.address())).isSameAs(second);
        assertThat(pool.find(first.address() + 8)).isNull();
        assertThat(pool.find(0)).isNull();
        assertThat(first.address() % 16).isZero();

        final int generation = first.generation();
        first.attach("kept");
        first.release();
        assertThat(pool.available()).isEqualTo(1);
        assertThatThrownBy(first::release).isInstanceOf(IllegalStateException.class);
        assertThat(pool.acquire()).isSameAs(first);
        assertThat(first.generation()).isEqualTo(generation + 1);
        assertThat(first.attachment()).isNull();
        assertThatThrownBy(first::complete).isInstanceOf(IllegalStateException.class);
        pool.close();
        assertThatThrownBy(pool::acquire).isInstanceOf(IllegalStateException.class);
        assertThat(first.sender()).isNull(); // none of the memory that was given back
    }
}
