package dev.ringflow.windows.iocp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class WinsockErrorTest {
    @Test
    void everyErrorHasANameAMeaningAndAdvice() throws Exception {
        int count = 0;
        for (final Field field : WinsockError.class.getFields()) {
            final int error = field.getInt(null);
            assertThat(WinsockError.name(error)).isEqualTo(field.getName());
            assertThat(WinsockError.name(-error)).isEqualTo(field.getName());
            assertThat(WinsockError.meaning(error)).endsWith(".").doesNotContain("no name");
            assertThat(WinsockError.advice(error)).endsWith(".").doesNotContain("net helpmsg");
            count++;
        }
        assertThat(count).isGreaterThan(45);
        assertThat(WinsockError.name(4711)).isEqualTo("error 4711");
        assertThat(WinsockError.advice(4711)).contains("net helpmsg 4711");
        assertThat(WinsockError.meaning(Integer.MIN_VALUE)).isNotEmpty();
    }

    @Test
    void anExceptionSaysWhatFailedOnWhatWhyAndWhatToDo() {
        final WinsockException e = new WinsockException(-10048, "bind(127.0.0.1:80)");
        assertThat(e)
                .hasMessage("bind(127.0.0.1:80): WSAEADDRINUSE (10048). The address is in use."
                        + " Choose another port, or close what holds it.");
        assertThat(e.error()).isEqualTo(WinsockError.WSAEADDRINUSE);
    }

    @Test
    void aStatusIsAnError() {
        assertThat(NtStatus.toError(0)).isZero();
        assertThat(NtStatus.toError(0x103)).isEqualTo(WinsockError.WSA_IO_PENDING);
        assertThat(NtStatus.toError(0xC0000120)).isEqualTo(WinsockError.WSA_OPERATION_ABORTED);
        assertThat(NtStatus.toError(0x8000000A)).isEqualTo(WinsockError.WSA_OPERATION_ABORTED);
        assertThat(NtStatus.toError(0xC000020D)).isEqualTo(WinsockError.WSAECONNRESET);
        assertThat(NtStatus.toError(0xC0000236)).isEqualTo(WinsockError.WSAECONNREFUSED);
        assertThat(NtStatus.toError(0x80000005)).isEqualTo(WinsockError.WSAEMSGSIZE);
        assertThat(NtStatus.toError(0xC0000011)).isEqualTo(WinsockError.ERROR_HANDLE_EOF);
        assertThat(NtStatus.toError(0xC0FFFFFF)).isEqualTo(WinsockError.WSAEINVAL);
        assertThat(WinsockError.isEndOfConnection(0)).isFalse();
        assertThat(WinsockError.isEndOfConnection(WinsockError.WSAECONNREFUSED)).isFalse();
        assertThat(WinsockError.isEndOfConnection(-WinsockError.WSAECONNRESET)).isTrue();
    }
}
