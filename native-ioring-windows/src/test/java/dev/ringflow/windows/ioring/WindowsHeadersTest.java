package dev.ringflow.windows.ioring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.windows.MingwHeaders;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.internal.OverlappedLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every constant, size and offset against the headers of mingw-w64. */
class WindowsHeadersTest {
    /** What the headers of mingw-w64 do not have yet; the numbers are those of Microsoft's SDK 10.0.26100. */
    private static final Set<String> TOO_NEW = Set.of(
            "IORING_VERSION_2",
            "IORING_VERSION_3",
            "IORING_VERSION_4",
            "IORING_OP_WRITE",
            "IORING_OP_FLUSH",
            "IORING_OP_READ_SCATTER",
            "IORING_OP_WRITE_GATHER",
            "IOSQE_FLAGS_DRAIN_PRECEDING_OPS",
            "IORING_CREATE_SKIP_BUILDER_PARAM_CHECKS",
            "FILE_WRITE_FLAGS_NONE",
            "FILE_WRITE_FLAGS_WRITE_THROUGH",
            "FILE_FLUSH_DEFAULT",
            "FILE_FLUSH_DATA",
            "FILE_FLUSH_MIN_METADATA",
            "FILE_FLUSH_NO_SYNC",
            "INVALID_HANDLE_VALUE", // a pointer, which no static assertion takes
            "ERROR_NOT_SUPPORTED_WITH_CACHED_HANDLE");

    @BeforeAll
    static void requireCompiler() {
        MingwHeaders.require();
    }

    private static MingwHeaders headers() {
        return new MingwHeaders().include("windows.h").include("winternl.h").include("ioringapi.h");
    }

    @Test
    void shouldHaveTheLayoutsOfTheHeaders() throws Exception {
        final MingwHeaders headers = headers()
                .size("IORING_CREATE_FLAGS", IoRingLayout.CREATE_FLAGS_SIZE)
                .offset("IORING_CREATE_FLAGS", "Required", IoRingLayout.CREATE_FLAGS_REQUIRED)
                .offset("IORING_CREATE_FLAGS", "Advisory", IoRingLayout.CREATE_FLAGS_ADVISORY)
                .size("IORING_INFO", IoRingLayout.INFO_SIZE)
                .offset("IORING_INFO", "IoRingVersion", IoRingLayout.INFO_VERSION)
                .offset("IORING_INFO", "Flags.Required", IoRingLayout.INFO_REQUIRED)
                .offset("IORING_INFO", "Flags.Advisory", IoRingLayout.INFO_ADVISORY)
                .offset("IORING_INFO", "SubmissionQueueSize", IoRingLayout.INFO_SUBMISSION_QUEUE_SIZE)
                .offset("IORING_INFO", "CompletionQueueSize", IoRingLayout.INFO_COMPLETION_QUEUE_SIZE)
                .size("IORING_CAPABILITIES", IoRingLayout.CAPABILITIES_SIZE)
                .offset("IORING_CAPABILITIES", "MaxVersion", IoRingLayout.CAPABILITIES_MAX_VERSION)
                .offset(
                        "IORING_CAPABILITIES",
                        "MaxSubmissionQueueSize",
                        IoRingLayout.CAPABILITIES_MAX_SUBMISSION_QUEUE_SIZE)
                .offset(
                        "IORING_CAPABILITIES",
                        "MaxCompletionQueueSize",
                        IoRingLayout.CAPABILITIES_MAX_COMPLETION_QUEUE_SIZE)
                .offset("IORING_CAPABILITIES", "FeatureFlags", IoRingLayout.CAPABILITIES_FEATURE_FLAGS)
                .size("IORING_BUFFER_INFO", IoRingLayout.BUFFER_INFO_SIZE)
                .offset("IORING_BUFFER_INFO", "Address", IoRingLayout.BUFFER_INFO_ADDRESS)
                .offset("IORING_BUFFER_INFO", "Length", IoRingLayout.BUFFER_INFO_LENGTH)
                .size("IORING_CQE", IoRingLayout.CQE_SIZE)
                .offset("IORING_CQE", "UserData", IoRingLayout.CQE_USER_DATA)
                .offset("IORING_CQE", "ResultCode", IoRingLayout.CQE_RESULT_CODE)
                .offset("IORING_CQE", "Information", IoRingLayout.CQE_INFORMATION)
                .size("FILE_SEGMENT_ELEMENT", IoRingLayout.SEGMENT_SIZE)
                // references, as the entries write them: kind and value, an offset in the upper half
                .size("IORING_HANDLE_REF", 16)
                .offset("IORING_HANDLE_REF", "Kind", 0)
                .offset("IORING_HANDLE_REF", "Handle", 8)
                .size("IORING_BUFFER_REF", 16)
                .offset("IORING_BUFFER_REF", "Kind", 0)
                .offset("IORING_BUFFER_REF", "Buffer", 8)
                .size("IORING_REGISTERED_BUFFER", 8)
                .offset("IORING_REGISTERED_BUFFER", "BufferIndex", 0)
                .offset("IORING_REGISTERED_BUFFER", "Offset", 4)
                .size("OVERLAPPED", OverlappedLayout.SIZE)
                .offset("OVERLAPPED", "Internal", OverlappedLayout.INTERNAL)
                .offset("OVERLAPPED", "InternalHigh", OverlappedLayout.INTERNAL_HIGH)
                .offset("OVERLAPPED", "Offset", OverlappedLayout.OFFSET)
                .offset("OVERLAPPED", "OffsetHigh", OverlappedLayout.OFFSET_HIGH)
                .offset("OVERLAPPED", "hEvent", OverlappedLayout.EVENT)
                .size("OVERLAPPED_ENTRY", OverlappedLayout.ENTRY_SIZE)
                .offset("OVERLAPPED_ENTRY", "lpCompletionKey", OverlappedLayout.ENTRY_KEY)
                .offset("OVERLAPPED_ENTRY", "lpOverlapped", OverlappedLayout.ENTRY_OVERLAPPED)
                .offset("OVERLAPPED_ENTRY", "Internal", OverlappedLayout.ENTRY_INTERNAL)
                .offset("OVERLAPPED_ENTRY", "dwNumberOfBytesTransferred", OverlappedLayout.ENTRY_BYTES);
        assertThat(headers.compare()).isGreaterThan(40);
    }

    @Test
    void shouldHaveTheConstantsOfTheHeaders() throws Exception {
        final MingwHeaders headers = headers();
        constants(headers, IoRingConstants.class);
        constants(headers, Kernel32.class);
        assertThat(headers.compare()).isGreaterThan(30);
    }

    private static void constants(final MingwHeaders headers, final Class<?> type) throws IllegalAccessException {
        for (final Field field : type.getDeclaredFields()) {
            final boolean number = field.getType() == int.class || field.getType() == long.class;
            if (number && Modifier.isPublic(field.getModifiers()) && !TOO_NEW.contains(field.getName())) {
                field.setAccessible(true);
                headers.constant(field.getName(), ((Number) field.get(null)).longValue());
            }
        }
    }

    @Test
    void shouldHaveTheResultsOfTheHeaders() throws Exception {
        final MingwHeaders headers = headers().include("winerror.h");
        for (final Map.Entry<Integer, String> entry : HResult.names().entrySet()) {
            final String name = entry.getValue();
            if (TOO_NEW.contains(name)) {
                continue;
            }
            if (name.startsWith("ERROR_")) {
                headers.constant(name, HResult.win32Code(entry.getKey()));
            } else if (!name.contains("IORING")) {
                headers.constant(name, entry.getKey());
            }
        }
        assertThat(headers.compare()).isGreaterThan(40);
    }

    @Test
    void shouldSeeAWrongNumber() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> headers().constant("ERROR_HANDLE_EOF", 39).compare()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ERROR_HANDLE_EOF is not 39");
    }
}
