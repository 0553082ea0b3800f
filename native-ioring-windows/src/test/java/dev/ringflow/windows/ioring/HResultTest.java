package dev.ringflow.windows.ioring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names, meanings and advice of results. */
class HResultTest {
    @ParameterizedTest
    @CsvSource({
        "0x80460001, IORING_E_REQUIRED_FLAG_NOT_SUPPORTED",
        "0x80460002, IORING_E_SUBMISSION_QUEUE_FULL",
        "0x80460003, IORING_E_VERSION_NOT_SUPPORTED",
        "0x80460004, IORING_E_SUBMISSION_QUEUE_TOO_BIG",
        "0x80460005, IORING_E_COMPLETION_QUEUE_TOO_BIG",
        "0x80460006, IORING_E_SUBMIT_IN_PROGRESS",
        "0x80460007, IORING_E_CORRUPT",
        "0x80460008, IORING_E_COMPLETION_QUEUE_TOO_FULL",
        "0xC0460001, STATUS_IORING_REQUIRED_FLAG_NOT_SUPPORTED",
        "0xC0460002, STATUS_IORING_SUBMISSION_QUEUE_FULL",
        "0xC0460003, STATUS_IORING_VERSION_NOT_SUPPORTED",
        "0xC0460004, STATUS_IORING_SUBMISSION_QUEUE_TOO_BIG",
        "0xC0460005, STATUS_IORING_COMPLETION_QUEUE_TOO_BIG",
        "0xC0460006, STATUS_IORING_SUBMIT_IN_PROGRESS",
        "0xC0460007, STATUS_IORING_CORRUPT",
        "0xC0460008, STATUS_IORING_COMPLETION_QUEUE_TOO_FULL",
        "0x800705B4, ERROR_TIMEOUT",
        "0x00000000, S_OK",
        "0x00000001, S_FALSE",
        "0x80070057, E_INVALIDARG",
        "0x80070006, E_HANDLE",
        "0x8007000E, E_OUTOFMEMORY",
        "0x80070005, E_ACCESSDENIED",
        "0x80004001, E_NOTIMPL",
        "0x80004004, E_ABORT",
        "0x80004021, CO_E_NOT_SUPPORTED",
        "0x80070026, ERROR_HANDLE_EOF",
        "0x800703E3, ERROR_OPERATION_ABORTED",
        "0x800703E5, ERROR_IO_PENDING",
        "0x800703E6, ERROR_NOACCESS",
        "0x80070490, ERROR_NOT_FOUND",
        "0x800701FD, ERROR_NOT_SUPPORTED_WITH_CACHED_HANDLE",
    })
    void everyCodeOfTheReferenceHasANameAMeaningAndAnAdvice(final String code, final String name) {
        final int number = Integer.parseUnsignedInt(code.substring(2), 16);
        assertThat(HResult.name(number)).isEqualTo(name);
        assertThat(HResult.meaning(number)).endsWith(".").doesNotContain("no name here");
        assertThat(HResult.advice(number)).endsWith(".").doesNotContain("Look the number up");
        assertThat(HResult.describe(number)).startsWith(name + " (" + code + "): ");
    }

    @Test
    void everyConstantHasItsName() throws Exception {
        for (final Field field : HResult.class.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers()) && field.getType() == int.class) {
                assertThat(HResult.name(field.getInt(null))).isIn(field.getName(), "ERROR_" + field.getName());
            }
        }
        HResult.names().keySet().forEach(code -> {
            assertThat(HResult.meaning(code)).endsWith(".");
            assertThat(HResult.advice(code)).endsWith(".");
        });
    }

    @Test
    void win32CodesGoInAndOut() {
        assertThat(HResult.win32Code(HResult.HANDLE_EOF)).isEqualTo(38);
        assertThat(HResult.win32Code(HResult.TIMEOUT)).isEqualTo(1460);
        assertThat(HResult.win32Code(HResult.E_INVALIDARG)).isEqualTo(87);
        assertThat(HResult.win32Code(HResult.IORING_E_CORRUPT)).isEqualTo(-1);
        assertThat(HResult.win32Code(HResult.E_NOTIMPL)).isEqualTo(-1);
        assertThat(HResult.win32Code(HResult.S_OK)).isEqualTo(-1);
        assertThat(HResult.ofWin32(0)).isEqualTo(HResult.S_OK);
        assertThat(HResult.ofWin32(998)).isEqualTo(HResult.NOACCESS);
        assertThat(HResult.ofWin32(HResult.NOACCESS)).isEqualTo(HResult.NOACCESS);
    }

    @Test
    void unknownNumbersKeepTheirDigits() {
        assertThat(HResult.name(0x8007_FFF0)).isEqualTo("0x8007FFF0");
        assertThat(HResult.meaning(0x8007_FFF0)).contains("65520");
        assertThat(HResult.meaning(0x8ABC_0001)).isNotEmpty();
        assertThat(HResult.advice(0x8ABC_0001)).contains("Microsoft");
        assertThat(HResult.describe(0x8ABC_0001)).startsWith("0x8ABC0001: ");
        assertThat(HResult.isFailure(HResult.S_FALSE)).isFalse();
        assertThat(HResult.isFailure(HResult.TIMEOUT)).isTrue();
    }

    @Test
    void operationsHaveNames() {
        assertThat(IoRingConstants.opName(IoRingConstants.IORING_OP_READ_SCATTER))
                .isEqualTo("READ_SCATTER");
        for (int op = 0; op <= IoRingConstants.IORING_OP_WRITE_GATHER; op++) {
            assertThat(IoRingConstants.opName(op)).doesNotStartWith("op ");
        }
        assertThat(IoRingConstants.opName(99)).isEqualTo("op 99");
    }
}
