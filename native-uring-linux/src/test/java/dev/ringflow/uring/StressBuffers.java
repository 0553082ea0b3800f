package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_CQE_F_BUFFER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A group of buffers that the kernel picks from, given to it one at a time. */
final class StressBuffers {
    private static final int BUFFERS = 6;

    final int group;
    private final StressRing stress;
    private final StressModel.BufferOwners owners = new StressModel.BufferOwners();
    private final StressMemory.@Nullable Region[] regions = new StressMemory.Region[BUFFERS];

    StressBuffers(final StressRing stress, final int group) {
        this.stress = stress;
        this.group = group;
    }

    /** Gives a buffer to the kernel, if there is one that it does not have. */
    void provide() {
        final int id = stress.random.nextInt(BUFFERS);
        if (regions[id] != null) {
            return;
        }
        final StressMemory.Region region =
                stress.memory.acquire(1 + stress.random.nextInt(StressMemory.ROOM), 1, stress.random);
        if (region == null) {
            return;
        }
        regions[id] = region;
        owners.give(id);
        final Sqe sqe = stress.beginAlone(new StressOperation("provide a buffer") {
            @Override
            void complete(final int res, final int flags) {
                if (isCancelled(res)) {
                    comeBack(id);
                } else if (res < 0) {
                    throw wrong(res, "the kernel did not take a buffer");
                }
            }
        });
        sqe.prepProvideBuffers(region.address(), region.length(), 1, group, id);
    }

    private void comeBack(final int id) {
        owners.take(id);
        stress.memory.release(regions[id]);
        regions[id] = null;
    }

    /** A request completed with flags that may name a buffer; checks the stream's bytes in it. */
    void completed(final StressStream stream, final int res, final int flags) {
        if ((flags & IORING_CQE_F_BUFFER) == 0) {
            assertThat(res).as("bytes without a buffer").isLessThanOrEqualTo(0);
            return;
        }
        final int id = Cqe.bufferId(flags);
        assertThat(id).as("id of a provided buffer").isLessThan(BUFFERS);
        assertThat(regions[id]).as("buffer %s, which came back", id).isNotNull();
        if (res > 0) {
            stream.arrived(regions[id].start(), res, regions[id].length());
        }
        comeBack(id);
    }

    /** Takes all buffers back, when no request is in flight that could use them. */
    void takeBack() {
        final int[] removed = {0};
        final StressOperation remove = new StressOperation("remove buffers") {
            @Override
            void complete(final int res, final int flags) {
                removed[0] = res;
            }
        };
        stress.beginAlone(remove).prepRemoveBuffers(BUFFERS, group);
        stress.await(List.of(remove));
        // Kernels before 5.19 lose the buffer of a request that is cancelled, so fewer may come back.
        assertThat(removed[0]).isLessThanOrEqualTo((int) owners.kernels());
        assertThat(removed[0] >= 0 || removed[0] == -Errno.ENOENT || removed[0] == -Errno.EINVAL)
                .as("what the removal answers: %s", removed[0])
                .isTrue();
        for (int id = 0; id < BUFFERS; id++) {
            if (regions[id] != null) {
                comeBack(id);
            }
        }
    }
}
