package dev.ringflow.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RingBufferTest {
    private Ring ring;
    private BufferPool pool;

    @BeforeEach
    void open() {
        ring = Ring.open(RingOptions.builder().driver("nio").build());
        pool = ring.bufferPool(32, 2);
    }

    @AfterEach
    void close() {
        pool.close();
        ring.close();
    }

    @Test
    void leaseThatIsClosedTwiceSaysSo() {
        RingBuffer buffer = pool.acquire();
        buffer.close();
        assertThatThrownBy(buffer::close).isInstanceOf(IllegalStateException.class);
        assertThat(pool.available()).isEqualTo(2);
    }

    @Test
    void closedLeaseGivesNoMemory() {
        RingBuffer buffer = pool.acquire();
        buffer.close();
        assertThatThrownBy(buffer::byteBuffer).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(buffer::kernelTakes).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void bufferGoesBackWhenUserAndKernelAreBothDone() {
        RingBuffer buffer = pool.acquire();
        buffer.kernelTakes();
        buffer.kernelTakes();
        buffer.close();
        assertThat(pool.available()).isEqualTo(1);
        buffer.kernelLetsGo();
        assertThat(pool.available()).isEqualTo(1);
        buffer.kernelLetsGo();
        assertThat(pool.available()).isEqualTo(2);
    }

    @Test
    void kernelThatIsDoneFirstLeavesTheBufferToItsUser() {
        RingBuffer buffer = pool.acquire();
        buffer.kernelTakes();
        buffer.kernelLetsGo();
        assertThat(pool.available()).isEqualTo(1);
        assertThat(buffer.byteBuffer().capacity()).isEqualTo(32);
        buffer.close();
        assertThat(pool.available()).isEqualTo(2);
    }

    @Test
    void bufferIsHandedOutEmpty() {
        RingBuffer buffer = pool.acquire();
        buffer.byteBuffer().position(5).limit(7);
        buffer.close();
        for (int i = 0; i < 2; i++) {
            RingBuffer again = pool.acquire();
            assertThat(again.byteBuffer().position()).isZero();
            assertThat(again.byteBuffer().remaining()).isEqualTo(32);
        }
    }

    @Test
    void racingClosersGiveItBackOnce() throws InterruptedException {
        for (int round = 0; round < 2000; round++) {
            RingBuffer buffer = Objects.requireNonNull(pool.tryAcquire());
            buffer.kernelTakes();
            AtomicInteger refused = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            threads.add(new Thread(buffer::kernelLetsGo));
            threads.add(new Thread(() -> closeCounting(buffer, refused)));
            threads.add(new Thread(() -> closeCounting(buffer, refused)));
            threads.forEach(Thread::start);
            for (Thread each : threads) {
                each.join();
            }
            assertThat(refused).hasValue(1);
            assertThat(pool.available()).isEqualTo(2);
        }
    }

    private static void closeCounting(RingBuffer buffer, AtomicInteger refused) {
        try {
            buffer.close();
        } catch (IllegalStateException closedBefore) {
            refused.incrementAndGet();
        }
    }
}
