package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_SETUP_COOP_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE32;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE_MIXED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_HYBRID_IOPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_IOPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_MMAP;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_SQARRAY;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_REGISTERED_FD_ONLY;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE128;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE_MIXED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQ_AFF;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQ_REWIND;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_TASKRUN_FLAG;

/**
 * Which set-up flags need or exclude each other on every kernel. The kernel decides; this only puts its EINVAL into
 * words.
 *
 * <p>Source: {@code io_uring_setup(2)}.
 */
enum SetupRules {
    AFFINITY(IORING_SETUP_SQ_AFF, IORING_SETUP_SQPOLL, 0),
    DEFERRED(IORING_SETUP_DEFER_TASKRUN, IORING_SETUP_SINGLE_ISSUER, IORING_SETUP_SQPOLL),
    COOPERATIVE(IORING_SETUP_COOP_TASKRUN, 0, IORING_SETUP_SQPOLL),
    TASKRUN_FLAG(
            IORING_SETUP_TASKRUN_FLAG, IORING_SETUP_COOP_TASKRUN | IORING_SETUP_DEFER_TASKRUN, IORING_SETUP_SQPOLL),
    HYBRID(IORING_SETUP_HYBRID_IOPOLL, IORING_SETUP_IOPOLL, 0),
    REGISTERED_ONLY(IORING_SETUP_REGISTERED_FD_ONLY, IORING_SETUP_NO_MMAP, 0),
    MIXED_COMPLETIONS(IORING_SETUP_CQE_MIXED, 0, IORING_SETUP_CQE32),
    MIXED_ENTRIES(IORING_SETUP_SQE_MIXED, 0, IORING_SETUP_SQE128),
    REWIND(IORING_SETUP_SQ_REWIND, IORING_SETUP_NO_SQARRAY, IORING_SETUP_SQPOLL);

    private final int flag;
    private final int needsOneOf;
    private final int excludes;

    SetupRules(final int flag, final int needsOneOf, final int excludes) {
        this.flag = flag;
        this.needsOneOf = needsOneOf;
        this.excludes = excludes;
    }

    /** What is wrong with a combination, in sentences, each ended by a blank; empty when no rule is broken. */
    static String explain(final int flags) {
        final StringBuilder text = new StringBuilder();
        for (final SetupRules rule : values()) {
            if ((flags & rule.flag) != 0) {
                rule.explain(flags, text);
            }
        }
        return text.toString();
    }

    private void explain(final int flags, final StringBuilder text) {
        if (needsOneOf != 0 && (flags & needsOneOf) == 0) {
            text.append(ConstantNames.setupFlags(flag))
                    .append(" needs ")
                    .append(ConstantNames.setupFlags(needsOneOf).replace("|", " or "))
                    .append(". ");
        }
        if ((flags & excludes) != 0) {
            text.append(ConstantNames.setupFlags(flag))
                    .append(" cannot go with ")
                    .append(ConstantNames.setupFlags(excludes))
                    .append(". ");
        }
    }
}
