package dev.ringflow.windows.rio;

/**
 * Sizes and offsets of the structures of Registered I/O on 64-bit Windows, in bytes.
 *
 * <p>Source: {@code mswsock.h}, {@code mswsockdef.h}.
 */
final class RioLayout {
    static final int RESULT_SIZE = 24;
    static final int RESULT_STATUS = 0;
    static final int RESULT_BYTES = 4;
    static final int RESULT_SOCKET_CONTEXT = 8;
    static final int RESULT_REQUEST_CONTEXT = 16;

    static final int BUF_SIZE = 16;
    static final int BUF_ID = 0;
    static final int BUF_OFFSET = 8;
    static final int BUF_LENGTH = 12;

    static final int NOTIFICATION_SIZE = 32;
    static final int NOTIFICATION_TYPE = 0;
    static final int NOTIFICATION_EVENT = 8;
    static final int NOTIFICATION_EVENT_RESET = 16;
    static final int NOTIFICATION_PORT = 8;
    static final int NOTIFICATION_PORT_KEY = 16;
    static final int NOTIFICATION_PORT_OVERLAPPED = 24;

    static final int TABLE_SIZE = 112;
    static final int TABLE_RECEIVE = 8;
    static final int TABLE_RECEIVE_EX = 16;
    static final int TABLE_SEND = 24;
    static final int TABLE_SEND_EX = 32;
    static final int TABLE_CLOSE_COMPLETION_QUEUE = 40;
    static final int TABLE_CREATE_COMPLETION_QUEUE = 48;
    static final int TABLE_CREATE_REQUEST_QUEUE = 56;
    static final int TABLE_DEQUEUE_COMPLETION = 64;
    static final int TABLE_DEREGISTER_BUFFER = 72;
    static final int TABLE_NOTIFY = 80;
    static final int TABLE_REGISTER_BUFFER = 88;
    static final int TABLE_RESIZE_COMPLETION_QUEUE = 96;
    static final int TABLE_RESIZE_REQUEST_QUEUE = 104;

    private RioLayout() {}
}
